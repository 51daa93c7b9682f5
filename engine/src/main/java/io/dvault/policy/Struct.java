package io.dvault.policy;

import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.StructType;
import dev.cel.common.types.StructTypeReference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A group of fields under one name. CEL checks expressions against it; at run time it is a map from field to value.
 *
 * @param name of the type, {@code Change}
 */
record Struct(String name, List<Field> fields) {
  private static final String PREFIX = "dvault.";

  Struct {
    fields = List.copyOf(fields);
  }

  static Struct of(String name, Field... fields) {
    return new Struct(name, List.of(fields));
  }

  StructType celType() {
    Map<String, CelType> types = new LinkedHashMap<>();
    fields.forEach(field -> types.put(field.name(), field.type()));
    return StructType.create(
        PREFIX + name,
        ImmutableSet.copyOf(types.keySet()),
        field -> Optional.ofNullable(types.get(field)));
  }

  StructTypeReference reference() {
    return reference(name);
  }

  static StructTypeReference reference(String name) {
    return StructTypeReference.create(PREFIX + name);
  }

  /** The struct that a type of CEL stands for. */
  boolean is(CelType type) {
    return type.name().equals(PREFIX + name);
  }
}

package io.dvault.json;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** JSON as JSON-RPC, keystores and the agent's status use it. */
public sealed interface Json {
  record Text(String value) implements Json {}

  record Whole(long value) implements Json {}

  record Bool(boolean value) implements Json {}

  /** Absent: also a number that is not whole, which no field that we read may be. */
  record Nothing() implements Json {}

  record Arr(List<Json> items) implements Json {}

  record Obj(Map<String, Json> fields) implements Json {
    public Optional<Json> find(String name) {
      return Optional.ofNullable(fields.get(name)).filter(value -> !(value instanceof Nothing));
    }

    public Json get(String name) {
      return find(name).orElseThrow(() -> new MalformedAnswer("field \"" + name + "\" is missing"));
    }

    public String text(String name) {
      return get(name).asText();
    }
  }

  /** The answer is no JSON, or not of the expected shape; the message says what was expected. */
  final class MalformedAnswer extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedAnswer(String message) {
      super(message);
    }
  }

  static Json text(String value) {
    return new Text(value);
  }

  static Json bool(boolean value) {
    return new Bool(value);
  }

  static Json array(Json... items) {
    return new Arr(Arrays.asList(items));
  }

  /** Names and values in turn. */
  static Json object(Object... namesAndValues) {
    Map<String, Json> fields = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      Object value = namesAndValues[i + 1];
      fields.put(
          (String) namesAndValues[i], value instanceof String text ? new Text(text) : (Json) value);
    }
    return new Obj(fields);
  }

  /** Reads one value; throws {@link MalformedAnswer} for anything but strict JSON within bounds. */
  static Json parse(byte[] utf8) {
    return JsonReader.read(utf8);
  }

  default String asText() {
    if (this instanceof Text(String value)) {
      return value;
    }
    throw new MalformedAnswer("expected a string, got " + shape());
  }

  default List<Json> asList() {
    if (this instanceof Arr(List<Json> items)) {
      return items;
    }
    throw new MalformedAnswer("expected an array, got " + shape());
  }

  default Obj asObject() {
    if (this instanceof Obj object) {
      return object;
    }
    throw new MalformedAnswer("expected an object, got " + shape());
  }

  default String shape() {
    return switch (this) {
      case Text t -> "a string";
      case Whole w -> "a number";
      case Bool b -> "a boolean";
      case Nothing n -> "null";
      case Arr a -> "an array";
      case Obj o -> "an object";
    };
  }

  default void write(StringBuilder out) {
    switch (this) {
      case Text(String value) -> quote(value, out);
      case Whole(long value) -> out.append(value);
      case Bool(boolean value) -> out.append(value);
      case Nothing n -> out.append("null");
      case Arr(List<Json> items) -> {
        out.append('[');
        for (int i = 0; i < items.size(); i++) {
          items.get(i).write(i == 0 ? out : out.append(','));
        }
        out.append(']');
      }
      case Obj(Map<String, Json> fields) -> {
        out.append('{');
        String separator = "";
        for (Map.Entry<String, Json> field : fields.entrySet()) {
          quote(field.getKey(), out.append(separator));
          field.getValue().write(out.append(':'));
          separator = ",";
        }
        out.append('}');
      }
    }
  }

  private static void quote(String value, StringBuilder out) {
    out.append('"');
    int from = 0; // what needs no escape goes in one piece: calldata is long
    for (int i = 0; i < value.length(); i++) {
      char next = value.charAt(i);
      if (next == '"' || next == '\\' || next < 0x20) {
        out.append(value, from, i);
        out.append(next < 0x20 ? String.format("\\u%04x", (int) next) : "\\" + next);
        from = i + 1;
      }
    }
    out.append(value, from, value.length()).append('"');
  }
}

package io.dvault.policy;

import dev.cel.runtime.CelEvaluationException;
import io.dvault.policy.Programs.Program;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** {@code variables}: each is computed when it is first asked for, and once for a change. */
final class Variables extends AbstractMap<String, Object> {
  /** A variable, or what should be a truth, that gives nothing to go on with. */
  static final class Unusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unusable(String message) {
      super(message);
    }
  }

  private final Map<String, Program> programs;
  private final Map<String, Object> values;
  private final Map<String, Object> known = new HashMap<>();

  /** @param values what the programs refer to, this map among it */
  Variables(Map<String, Program> programs, Map<String, Object> values) {
    this.programs = programs;
    this.values = values;
  }

  @Override
  public boolean containsKey(Object key) {
    return programs.containsKey(key);
  }

  @Override
  public Object get(Object key) {
    Object value = known.get(key);
    if (value == null) {
      try {
        value = programs.get(key).run(values);
      } catch (CelEvaluationException e) {
        throw new Unusable(
            "variable " + key + ": " + Evaluation.FAULT.matcher(e.getMessage()).replaceFirst("$2"));
      }
      known.put((String) key, value);
    }
    return value;
  }

  @Override
  public Set<Entry<String, Object>> entrySet() {
    programs.keySet().forEach(this::get);
    return known.entrySet();
  }
}

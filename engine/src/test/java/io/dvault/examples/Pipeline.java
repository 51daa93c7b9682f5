package io.dvault.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;

/**
 * The jobs of a pipeline file, taken out of it as they are written: each step's shell text with its environment. What
 * only the service could do (a checkout) is said by name; anything else that is not a shell text is refused.
 */
record Pipeline(Map<String, Object> document) {
  /** @param id what later steps call its outputs by; may be empty */
  record Step(String id, String script, Map<String, String> environment) {}

  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{\\s*(.*?)\\s*}}");

  static Pipeline read(Path file) throws IOException {
    Map<String, Object> document = new Yaml().load(Files.readString(file));
    return new Pipeline(document);
  }

  /** The job of a GitHub workflow. */
  List<Step> github(String job) {
    Map<String, Object> found = map(map(document.get("jobs")).get(job));
    List<Step> steps = new ArrayList<>();
    for (Object each : (List<?>) found.get("steps")) {
      Map<String, Object> step = map(each);
      if (step.containsKey("uses")) {
        assertEquals("actions/checkout@v4", step.get("uses"), "a step that no test can run");
        assertEquals(
            0, map(step.get("with")).get("fetch-depth"), "the whole history is needed for names");
      } else {
        Map<String, String> environment = new LinkedHashMap<>(strings(document.get("env")));
        environment.putAll(strings(step.get("env")));
        steps.add(new Step(
            String.valueOf(step.getOrDefault("id", "")), (String) step.get("run"), environment));
      }
    }
    return steps;
  }

  /** Rights that a GitHub job asks for; {@code permissions: {}} of the file leaves no others. */
  Map<String, String> githubPermissions(String job) {
    assertEquals(Map.of(), document.get("permissions"), "no rights but those that a job names");
    return strings(map(map(document.get("jobs")).get(job)).get("permissions"));
  }

  /** The names of secrets that a GitHub job is given. */
  List<String> githubSecrets(String job) {
    Matcher matcher = Pattern.compile("secrets\\.([A-Z_]+)")
        .matcher(map(document.get("jobs")).get(job).toString());
    return matcher.results().map(each -> each.group(1)).distinct().toList();
  }

  /** The job of a GitLab pipeline: its script is one shell text there too. */
  Step gitlab(String job) {
    Map<String, Object> found = map(document.get(job));
    Map<String, String> environment = new LinkedHashMap<>(strings(document.get("variables")));
    environment.putAll(strings(found.get("variables")));
    List<String> lines = new ArrayList<>();
    ((List<?>) map(document.get("default")).get("before_script"))
        .forEach(line -> lines.add((String) line));
    ((List<?>) found.get("script")).forEach(line -> lines.add((String) line));
    return new Step(job, String.join("\n", lines), environment);
  }

  /** {@code ${{ … }}} by its value; an expression that nobody gave a value for is an error. */
  static Map<String, String> filled(Map<String, String> environment, Map<String, String> values) {
    Map<String, String> filled = new HashMap<>();
    environment.forEach((name, text) ->
        filled.put(name, EXPRESSION.matcher(text).replaceAll(match -> {
          assertTrue(values.containsKey(match.group(1)), () -> "nobody knows " + match.group());
          return Matcher.quoteReplacement(values.get(match.group(1)));
        })));
    return filled;
  }

  private static Map<String, String> strings(Object value) {
    Map<String, String> strings = new LinkedHashMap<>();
    if (value != null) {
      map(value).forEach((name, each) -> strings.put(name, String.valueOf(each)));
    }
    return strings;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }
}

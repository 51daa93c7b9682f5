package io.dvault.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The JSON Schemas of the YAML, one a kind and one that chooses by kind: what editors check against. */
public final class Schemas {
  /** The schema that chooses by kind, for files of any objects. */
  static final String ALL = "dvault.schema.json";

  /** The schema of a device's own settings. */
  static final String AGENT = "agent.schema.json";

  /** What {@link #AGENT} is the schema of: a file, no kind. */
  static final String AGENT_FILE = "agent.yaml";

  /** Where {@code init} puts them in a vault's folder; not in git, since they belong to the version in use. */
  public static final String FOLDER = ".dvault/schemas";

  private static final String RESOURCES = "/io/dvault/schemas/";

  static final JsonMapper MAPPER = JsonMapper.shared();

  private Schemas() {}

  /** The line by which yaml-language-server finds the schema, for a file of the vault: {@code grants/alice.yaml}. */
  public static String modeline(String file) {
    return modeline(file, ALL);
  }

  /** The same for settings of devices that are kept beside the vault's files: {@code agent/agent.yaml}. */
  static String agentModeline(String file) {
    return modeline(file, AGENT);
  }

  private static String modeline(String file, String schema) {
    long depth = file.chars().filter(c -> c == '/').count();
    return "# yaml-language-server: $schema=" + "../".repeat((int) depth) + FOLDER + "/" + schema
        + "\n";
  }

  /** File name by kind, in the order of the documentation. */
  static SequencedMap<String, String> kinds() {
    JsonNode all = MAPPER.readTree(text(ALL));
    SequencedMap<String, String> kinds = new LinkedHashMap<>();
    all.path("allOf")
        .forEach(each -> kinds.put(
            each.path("if").path("properties").path("kind").path("const").asString(),
            each.path("then").path("$ref").asString()));
    return Collections.unmodifiableSequencedMap(kinds);
  }

  /** File name by what it is the schema of: the kinds, and the agent's settings. */
  public static SequencedMap<String, String> subjects() {
    SequencedMap<String, String> subjects = new LinkedHashMap<>(kinds());
    subjects.put(AGENT_FILE, AGENT);
    return Collections.unmodifiableSequencedMap(subjects);
  }

  /** @param file one of {@link #subjects}, or {@link #ALL} */
  public static String text(String file) {
    try (InputStream in = Schemas.class.getResourceAsStream(RESOURCES + file)) {
      if (in == null) {
        throw new IllegalStateException("schema " + file + " is part of the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Holds documents against them; made once, since that takes longer than a document. */
  public static SchemaCheck check() {
    return Check.MADE;
  }

  private static final class Check {
    static final SchemaCheck MADE = SchemaCheck.of(kinds().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, kind -> text(kind.getValue()))));
  }

  /** Every schema into {@code folder}; those of another version are replaced. */
  public static void write(Path folder) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(ALL, text(ALL));
    subjects().values().forEach(file -> files.put(file, text(file)));
    try {
      Files.createDirectories(folder);
      for (Map.Entry<String, String> each : files.entrySet()) {
        Files.writeString(folder.resolve(each.getKey()), each.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

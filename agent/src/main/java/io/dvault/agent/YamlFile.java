package io.dvault.agent;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.yaml.Findings;
import io.dvault.yaml.YamlDocument;
import io.dvault.yaml.YamlFields;
import io.dvault.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;

/** A small YAML file of one document on the device: whatever is wrong with it is a diagnostic, never an I/O error. */
final class YamlFile {
  private static final long MAX_BYTES = 256 << 10;
  private final Path file;
  private final String code;
  private final String summary;
  private final String wayOut;

  /**
   * @param summary of the diagnostic when there is no such file to read
   * @param wayOut what to do then
   */
  YamlFile(Path file, String code, String summary, String wayOut) {
    this.file = file;
    this.code = code;
    this.summary = summary;
    this.wayOut = wayOut;
  }

  /** Reads it with {@code reader}, or throws all that is wrong; of a file that has no fields, just that. */
  <T> T read(BiFunction<YamlFields, Findings, T> reader) throws IOException {
    Findings findings = new Findings();
    List<YamlDocument> documents = YamlReader.read(file.toString(), content(), findings);
    if (documents.size() != 1 && !findings.hasErrors()) {
      throw refused("It has " + documents.size() + " YAML documents, expected one.");
    }
    requireNone(findings);
    YamlFields fields = documents.getFirst().fields("", findings);
    requireNone(findings);
    T result = reader.apply(fields, findings);
    fields.finish();
    requireNone(findings);
    return result;
  }

  private byte[] content() throws IOException {
    if (!Files.exists(file)) {
      throw refused("There is no such file.");
    }
    if (!Files.isRegularFile(file)) {
      throw refused("It is no file.");
    }
    if (!Files.isReadable(file)) {
      throw refused("This user may not read it.");
    }
    if (Files.size(file) > MAX_BYTES) {
      throw refused("It has " + Files.size(file) + " bytes; at most " + MAX_BYTES + " are read.");
    }
    return Files.readAllBytes(file);
  }

  private DiagnosticException refused(String why) {
    return new DiagnosticException(Diagnostic.error(code, summary, file + ": " + why, wayOut));
  }

  private static void requireNone(Findings findings) {
    if (findings.hasErrors()) {
      throw new DiagnosticException(findings.sorted());
    }
  }
}

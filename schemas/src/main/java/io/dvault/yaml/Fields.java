package io.dvault.yaml;

import io.dvault.model.SourcePosition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads one YAML mapping field by field. What is wrong becomes a {@code Diagnostic} at its place and the fallback is
 * returned, so that one run finds everything. Fields that nobody asked for are reported as unknown, with "did you
 * mean" out of those that were.
 */
public interface Fields {
  /** Where the mapping starts. */
  SourcePosition position();

  /** Where the value of {@code key} starts, or the mapping when it is absent. */
  SourcePosition position(String key);

  boolean has(String key);

  /** The text, or "" and a finding when it is absent. */
  String requireString(String key);

  Optional<String> findString(String key);

  /** As {@link #findString}, with the place of each character: for texts that are a language of their own. */
  Optional<SourceText> findSource(String key);

  /** One of {@code allowed}, or {@code fallback} when absent; a finding when it is something else. */
  String choice(String key, String fallback, List<String> allowed);

  long integer(String key, long fallback, long min, long max);

  boolean bool(String key, boolean fallback);

  /**
   * {@code 30s}, {@code 5m}, {@code 12h}, {@code 7d}, {@code 4w} or a sum of them ({@code 1h30m}); zero and a finding
   * when absent.
   */
  Duration requireDuration(String key);

  Optional<Duration> findDuration(String key);

  /** A list of texts; empty when absent. */
  List<String> strings(String key);

  /** A mapping of texts to texts, in the order of the file; empty when absent. */
  Map<String, String> stringMap(String key);

  /**
   * Whatever stands there, as {@code Map}, {@code List}, {@code String}, {@code Long} and {@code Boolean}: for data of
   * shapes that the reader does not know. Nothing in it is reported as unknown; empty when absent.
   */
  Map<String, Object> tree(String key);

  /** The nested mapping; reads as an empty one when absent. */
  Fields map(String key);

  /** A list of mappings; empty when absent. */
  List<Fields> maps(String key);

  /** The keys of this mapping, for mappings whose keys are data; all of them count as asked for. */
  List<String> keys();

  /** Reports a finding at the value of {@code key} (or at the mapping when it is absent). */
  void error(String key, String code, String summary, String... detail);

  void warning(String key, String code, String summary, String... detail);

  /**
   * As {@link #error}, without the lines of source: for places that may hold a secret
   * (docs/requirements.md A7, docs/threat-model.md T27).
   */
  void errorWithoutSource(String key, String code, String summary, String... detail);
}

package io.dvault.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.testing.Damage;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What PlainYaml reads is what SnakeYAML's events give, node by node with its place; the rest it leaves alone. */
class PlainYamlTest {
  private static final String DEVICE = """
      # yaml-language-server: $schema=device.schema.json
      ---
      apiVersion: dvault.io/v1
      kind: Device
      metadata: {name: drone-1, labels: {role: drone, a/b: "x y"}}   # a comment
      spec:
        recipient: age1pq1%s

        # another
        signer: "iH+a/b="
        proof: 'it is'
        nested:
            deep: 5m
            words: some plain words - with marks
        list: [a, "b", {c: d}, [], {}]
      ---
      kind: Grant
      """.formatted("q".repeat(1_900));

  private static Optional<List<YamlDocument>> plain(String text) {
    return PlainYaml.read(new YamlSource("a.yaml", text));
  }

  /** The same tree as SnakeYAML's, and nothing to find fault with; false when PlainYaml does not read it. */
  private static boolean agrees(String text) {
    Optional<List<YamlDocument>> read = plain(text);
    read.ifPresent(documents -> {
      Findings findings = new Findings();
      List<YamlDocument> expected = YamlTree.read(new YamlSource("a.yaml", text), findings);
      assertEquals(List.of(), findings.sorted(), text);
      assertEquals(roots(expected), roots(documents), text);
    });
    return read.isPresent();
  }

  private static List<YamlNode> roots(List<YamlDocument> documents) {
    return documents.stream().map(YamlDocument::root).toList();
  }

  @Test
  void read_deviceAsEnrolled_sameTreeAsSnakeYaml() {
    assertTrue(agrees(DEVICE));
    assertEquals(2, plain(DEVICE).orElseThrow().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "a: &x b", "a: *x", "a: !!str b", "<<: {a: b}", "a: |\n  b", "a: >\n  b", "- a", "a:\n- b", "a:\n  - b", "a:",
    "a: b\n c", "a: b\n  c: d", "a:\n    b: c\n  d: e", "a: b: c", "a:b", "a: \"x\\n\"", "a: 'it''s'", "a: \"x\ny\"",
    "a: b\na: c", "a: {b: c, b: d}", "a: {b: c,}", "a: {b}", "a: [b: c]", "a: {b:c}", "{a: b}", "a", " a: b", "\ta: b",
    "a:\tb", "a: b\r\n", "a: ü", "a: b\n...\n", "%YAML 1.2\n---\na: b", "--- a: b", "? a\n: b", "\"a\": b", "a: -5",
    "a: ~", "a: [b,", "a: {b: c", "a: \"b", "a: b # c\n  d", "a: b#c: d", "a : b", "a: [b]c", "a: x, y"})
  void read_anythingElse_leftToSnakeYaml(String text) {
    assertTrue(plain(text).isEmpty(), text);
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "", "\n\n", "# nothing", "---\n", "---\n---\na: b\n---\n", "a: b", "a:   b  ", "a: b  # c", "a: # c\n  b: c",
    "a: [ b , c ]", "a: { b: c }", "a: {}\nb: []", "a: http", "a: a.b/c@d+e=f", "a: true\nb: 5\nc: null", "a: \"\"",
    "a:\n  b:\n    c: d\ne: f", "a: ''", "a: \" # no comment \"", "0: 1", "a: b c  d", "a: {b: c d , e: f}"})
  void read_plainForms_sameTreeAsSnakeYaml(String text) {
    assertTrue(agrees(text), text);
  }

  @Test
  void read_tooDeepOrTooMany_leftToSnakeYaml() {
    assertTrue(plain("a: " + "[".repeat(40) + "]".repeat(40)).isEmpty());
    assertTrue(plain("a: [" + "b,".repeat(YamlTree.MAX_NODES) + "b]").isEmpty());
  }

  /** Thousands of damaged files: whenever one is read, SnakeYAML reads the same and finds nothing. */
  @Test
  void read_damagedAnywhere_neverSomethingElseThanSnakeYaml() {
    Random random = new Random(4);
    String small = DEVICE.replaceAll("q{1900}", "q".repeat(140));
    String marks = " \n:#-{}[],\"'&*!|>%@`?~\\.a0\t\r" + small.substring(60, 90);
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      read += agrees(Damage.of(small, marks, random)) ? 1 : 0;
    }
    assertTrue(read > 2_000, "only " + read + " were read at all");
  }
}

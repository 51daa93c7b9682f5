package io.dvault.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.model.Diagnostic;
import io.dvault.model.SourcePosition;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("A2")
@Tag("T28")
class YamlReaderTest {
  private final Findings findings = new Findings();

  private List<YamlDocument> read(String text) {
    return YamlReader.read("a.yaml", text.getBytes(StandardCharsets.UTF_8), findings);
  }

  private Diagnostic only() {
    assertEquals(1, findings.count(), findings.sorted().toString());
    return findings.sorted().getFirst();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      anchor        | a: &x 1                       | DV005 | 1 | 4
      alias         | a: *x                         | DV005 | 1 | 4
      merge key     | <<: {a: 1}                    | DV006 | 1 | 1
      tag           | a: !!str 1                    | DV007 | 1 | 4
      java tag      | a: !!java.net.URL [x]         | DV007 | 1 | 4
      own tag       | a: !secret x                  | DV007 | 1 | 4
      bare tag      | a: ! x                        | DV007 | 1 | 4
      tag directive | '%TAG !e! tag:x,2000:\\n---\\na: 1' | DV007 | 1 | 1
      duplicate     | 'a: 1\\nb: 2\\na: 3'          | DV008 | 3 | 1
      duplicate     | '{a: 1, \"a\": 2}'            | DV008 | 1 | 8
      list as key   | '? [a, b]\\n: c'              | DV010 | 1 | 3
      tab           | 'a:\\n\\tb: 1'                | DV004 | 2 | 1
      open bracket  | 'a: [1, 2'                    | DV003 | 1 | 9
      two roots     | 'a: 1\\n- b'                  | DV003 | 2 | 1
      bell          | 'a: b\\7'                      | DV002 | 1 | 1
      half a pair   | 'a: \"b\\\\ude00\"'            | DV002 | 1 | 4
      """)
  void read_whatIsRefused_saysWhereAndGivesNothing(
      String what, String yaml, String code, int line, int column) {
    String text = yaml.translateEscapes().replace("\\\"", "\"");
    assertEquals(List.of(), read(text), what);
    Diagnostic diagnostic = only();
    assertEquals(code, diagnostic.code(), what);
    assertEquals(
        Optional.of(new SourcePosition("a.yaml", line, column)), diagnostic.position(), what);
    assertTrue(diagnostic.snippet().isPresent(), what);
  }

  @Test
  void read_severalFaults_tellsAll() {
    read("a: &x 1\nb: !!int 2\nc: 3\nc: 4\n");
    assertEquals(
        List.of("DV005", "DV007", "DV008"),
        findings.sorted().stream().map(Diagnostic::code).toList());
  }

  @Test
  void read_billionLaughs_isRefusedAtOnce() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 200; i++) {
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(9)));
    }
    assertEquals(List.of(), read(bomb.toString()));
    assertTrue(findings.count() <= 50, "bounded, got " + findings.count());
  }

  @Test
  void read_deeplyNested_isRefused() {
    read("[\n".repeat(100_000));
    assertEquals("DV009", only().code());
  }

  @Test
  void read_tooManyValues_isRefused() {
    read("[" + "1,\n".repeat(1_000_001) + "]");
    assertEquals("DV009", only().code());
  }

  @Test
  void read_fileOverTheLimit_isRefusedUnparsed() {
    YamlReader.read("a.yaml", new byte[YamlReader.MAX_BYTES + 1], findings);
    assertEquals("DV001", only().code());
  }

  @Test
  void read_fileAtTheLimit_isRead() {
    String line = "#" + "x".repeat(1022) + "\n";
    assertEquals(1, read("a: " + "1".repeat(1020) + "\n" + line.repeat(4095)).size());
    assertEquals(0, findings.count());
  }

  @Test
  void read_endlessLine_isRefusedUnparsed() {
    read("a: 1\n#" + "x".repeat(YamlReader.MAX_LINE));
    assertEquals("a.yaml:2:1", only().position().orElseThrow().toString());
    assertEquals("DV009", only().code());
  }

  @Test
  void read_notUtf8_isRefused() {
    YamlReader.read("a.yaml", new byte[] {'a', ':', ' ', (byte) 0xff}, findings);
    assertEquals("DV002", only().code());
  }

  @Test
  void read_severalDocuments_skipsEmptyOnes() {
    assertEquals(2, read("\ufeff# nothing\n---\na: 1\n---\n---\nb: 2\n...\n").size());
    assertEquals(0, findings.count());
  }

  @Test
  @Tag("T27")
  void read_faultBesideTheSalt_doesNotShowTheSalt() {
    read("salt: \"f00dfeed\"\na: &x 1\n");
    assertTrue(only().snippet().orElseThrow().lines().getFirst().contains("not shown"));
    assertTrue(!only().toString().contains("f00dfeed"));
  }

  @Test
  void read_longWords_areWholeAndInTheirPlace() {
    String word = "age1pq1" + "q0".repeat(900);
    String text =
        "\uD83D\uDE00: 1\nflow: {a: %s, b: \"x %s\", \uD83D\uDE00: %s} # %s\nblock: |\n  one\n  %s\n%s: end\n"
            .formatted(word, word, word, word, word, word.substring(0, 500));
    YamlNode.Mapping root = (YamlNode.Mapping) read(text).getFirst().root();
    YamlNode.Mapping flow = (YamlNode.Mapping) root.fields().get("flow").value();
    assertEquals(word, ((YamlNode.Scalar) flow.fields().get("a").value()).text());
    assertEquals("x " + word, ((YamlNode.Scalar) flow.fields().get("b").value()).text());
    assertEquals(
        "one\n" + word + "\n", ((YamlNode.Scalar) root.fields().get("block").value()).text());
    assertTrue(root.fields().containsKey(word.substring(0, 500)));
    String line = text.lines().toList().get(1);
    for (YamlNode.Field field : flow.fields().values()) {
      int column = line.offsetByCodePoints(0, field.key().column() - 1);
      assertTrue(line.startsWith(field.key().text() + ": ", column), field.key().text());
      YamlNode value = field.value();
      int start = line.offsetByCodePoints(0, value.column() - 1);
      String shown = line.substring(start, start + value.length());
      assertEquals(((YamlNode.Scalar) value).text(), shown.replace("\"", ""));
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      a: &%s 1      | DV005 | 4
      a: !%s 1      | DV007 | 4
      {a: %s, a: 1} | DV008 | 9
      """)
  void read_faultBesideALongWord_isToldAtItsPlace(String yaml, String code, int column) {
    String word = "x0".repeat(200);
    assertEquals(List.of(), read(yaml.formatted(word)));
    assertEquals(code, only().code());
    int shift = yaml.startsWith("{") ? word.length() - 2 : 0;
    assertEquals(column + shift, only().position().orElseThrow().column());
  }

  @Test
  void read_escapeBeforeALongWord_isWhatItIsInTheFile() {
    assertEquals(List.of(), read("a: \"\\" + "x0".repeat(200) + "\""));
    assertEquals("DV003", only().code());
    YamlNode.Mapping root = (YamlNode.Mapping) YamlReader.read(
            "b.yaml",
            ("a: \"\\" + "n0".repeat(200) + "\"").getBytes(StandardCharsets.UTF_8),
            new Findings())
        .getFirst()
        .root();
    assertEquals(
        "\n0" + "n0".repeat(199), ((YamlNode.Scalar) root.fields().get("a").value()).text());
  }

  @Test
  @Tag("T27")
  void read_faultOfAMisspeltSalt_doesNotShowTheSalt() {
    String salt = "0123456789abcdef".repeat(4);
    YamlFields fields = YamlFields.parse("a.yaml", "slat: \"" + salt + "\"\n", findings);
    fields.findString("salt");
    fields.finish();
    assertEquals("DV012", only().code());
    assertTrue(!only().toString().contains(salt.substring(4, 60)), only().toString());
  }
}

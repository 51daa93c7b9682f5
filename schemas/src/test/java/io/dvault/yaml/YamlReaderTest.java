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
      """)
  void read_whatIsRefused_saysWhereAndGivesNothing(String what, String yaml, String code, int line, int column) {
    String text = yaml.translateEscapes().replace("\\\"", "\"");
    assertEquals(List.of(), read(text), what);
    Diagnostic diagnostic = only();
    assertEquals(code, diagnostic.code(), what);
    assertEquals(Optional.of(new SourcePosition("a.yaml", line, column)), diagnostic.position(), what);
    assertTrue(diagnostic.snippet().isPresent(), what);
  }

  @Test
  void read_severalFaults_tellsAll() {
    read("a: &x 1\nb: !!int 2\nc: 3\nc: 4\n");
    assertEquals(List.of("DV005", "DV007", "DV008"), findings.sorted().stream().map(Diagnostic::code).toList());
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
}

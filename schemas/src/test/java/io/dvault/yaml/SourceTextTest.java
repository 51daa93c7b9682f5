package io.dvault.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvault.model.Diagnostic;
import io.dvault.model.SourcePosition;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A place in a text is found again in the file, however YAML wrote the text. */
@Tag("A2")
class SourceTextTest {
  private static SourceText read(String yaml) {
    Findings findings = new Findings();
    SourceText text = YamlFields.parse("f.yaml", yaml, findings).findSource("e").orElseThrow();
    assertEquals(List.of(), findings.sorted());
    return text;
  }

  private static SourcePosition place(SourceText text, int offset) {
    return text.locate(Diagnostic.error("DV250", "x"), offset, 1).position().orElseThrow();
  }

  /** The character of {@code yaml} at the place that the {@code offset}-th of the text is said to have. */
  private static String at(String yaml, SourceText text, int offset) {
    SourcePosition place = place(text, offset);
    String line = yaml.split("\n", -1)[place.line() - 1];
    return line.codePoints()
        .skip(place.column() - 1)
        .limit(1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "e: change.ttl <= duration(15)\n",
        "e: 'change.kind == ''Grant'' && x'\n",
        "e: \"change.kind == \\\"Grant\\\" && x\"\n",
        "e: \"a\\tb \\u0063 \\x64 \\\n   e\"\n",
        "{a: 1, e: '[1].all(x, x > 0)', b: 2}\n",
        "a: 1\ne: |\n  change.kind == 1\n    && plan.issues\n  || false\nb: 2\n",
        "a: 1\ne: >-\n  change.kind == 1\n  && plan.issues\n\n  || false\n",
        "a: 1\ne: |2-\n    change\n   x\n",
        "e: change.kind ==\n    1 &&\n    true\n",
        "e: 'é😀 = b'\n",
        "e: \"é😀\n   c\\n d\"\n"
      })
  void locate_everyCharacter_standsWhereItIsWritten(String yaml) {
    SourceText text = read(yaml);
    int[] all = text.text().codePoints().toArray();
    for (int i = 0; i < all.length; i++) {
      if (!Character.isWhitespace(all[i])) {
        String there = at(yaml, text, i);
        String wanted = new String(Character.toChars(all[i]));
        assertEquals(
            there.equals("\\") || wanted.equals("'") ? there : wanted, there, yaml + " at " + i);
      }
    }
  }

  @Test
  void locate_afterAnEscape_isNotShifted() {
    String yaml = "e: \"a \\u0062 c\"\n";
    SourceText text = read(yaml);
    assertEquals("a b c", text.text());
    assertEquals("f.yaml:1:7", place(text, 2).toString());
    assertEquals("f.yaml:1:14", place(text, 4).toString());
  }

  @Test
  void locate_theEnd_isBehindTheLastCharacter() {
    SourceText text = read("e: 'a =='\nb: 1\n");
    assertEquals("f.yaml:1:9", place(text, 4).toString());
  }
}

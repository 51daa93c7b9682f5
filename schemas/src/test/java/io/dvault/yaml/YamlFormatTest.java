package io.dvault.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("A3")
class YamlFormatTest {
  private static String format(String yaml) {
    Findings findings = new Findings();
    Optional<String> formatted =
        YamlFormat.format("x.yaml", yaml.getBytes(StandardCharsets.UTF_8), findings);
    assertEquals(List.of(), findings.sorted(), yaml);
    String once = formatted.orElseThrow();
    assertEquals(
        once,
        YamlFormat.format("x.yaml", once.getBytes(StandardCharsets.UTF_8), findings)
            .orElseThrow(),
        "a second pass changes something");
    return once;
  }

  @Test
  void format_object_inTheOneStyle() {
    assertEquals("""
        # yaml-language-server: $schema=x.json

        apiVersion: dvault.io/v1
        kind: Vault
        metadata: {name: fleet, labels: {team: a}}
        spec:
          chain: {id: 31337, rpc: ["http://127.0.0.1:1", "http://[::1]:2"]}  # where

          # two of them
          publish:
            - {store: folder, path: .dvault/blocks}
            # the second
            - store: kubo  # by RPC
              api: "http://127.0.0.1:5001"
          admins: []
        """, format("""
        # yaml-language-server: $schema=x.json


        kind:   Vault
        apiVersion:  dvault.io/v1
        spec:
             chain:   { id: 31337, rpc: [ 'http://127.0.0.1:1' ,"http://[::1]:2"]} # where


             # two of them
             publish:
             - {store: folder,path: .dvault/blocks}
             # the second
             - store:    kubo    # by RPC
               api: 'http://127.0.0.1:5001'
             admins: [ ]
        metadata: {name: fleet, labels: {team: a}}

        """));
  }

  @Test
  void format_commentsOfEveryPlace_areKept() {
    String formatted = format("""
        a: # beside a key
          b: 1
          # commented-out: 2

          # after b
        c:
          # above an item
          - 1   # one
          # between
          - # after a dash
            d: 1
          - [1, 2] # flow
        # at the end of c?
        e: {   # opening
          f: 1, # f
          # above g
          g: [2,
              3]   # three
          # last
        } # closing
        h: | # literal
            text # not a comment

        # end
        """);
    for (String comment : List.of(
        "# beside a key",
        "# commented-out: 2",
        "# after b",
        "# above an item",
        "# one",
        "# between",
        "# after a dash",
        "# flow",
        "# at the end of c?",
        "# opening",
        "# f",
        "# above g",
        "# three",
        "# last",
        "# closing",
        "# literal",
        "# end")) {
      assertTrue(formatted.contains(comment), comment + " is missing in\n" + formatted);
    }
    assertTrue(
        formatted.contains("a:  # beside a key\n  b: 1\n  # commented-out: 2\n\n  # after b\nc:\n"),
        formatted);
    assertTrue(formatted.contains("h: |  # literal\n  text # not a comment\n\n# end\n"), formatted);
  }

  @Test
  void format_neighbouringRemarks_standInOneColumn() {
    assertEquals("""
        a: 1          # one
        bbbbbbbbb: 2  # two
        c: 3

        d: 4  # alone
        """, format("a: 1 # one\nbbbbbbbbb: 2    # two\nc: 3\n\nd: 4     # alone\n"));
  }

  @Test
  void format_spreadBraces_oneLineWhereItFits() {
    assertEquals("a: {b: 1, c: [2, 3]}\n", format("a: {\n  b: 1,\n  c: [2,\n 3]\n}\n"));
    String wide = "x".repeat(110);
    assertEquals(
        "a:\n  b: " + wide + "\n  c: {d: 1}\n", format("a: {b: " + wide + ",\n c: {d: 1}}\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a: yes | a: \"yes\"",
        "a: 0640 | a: 0640", // a number to YAML 1.2: quoting it would change what it says
        "a: 12:30:45 | a: \"12:30:45\"",
        "a: 2026-11-22 | a: \"2026-11-22\"",
        "a: 'x y' | a: \"x y\"",
        "a: 'x \"y\"' | a: 'x \"y\"'",
        "a: \"true\" | a: \"true\"",
        "a: true | a: true",
        "a: 5m | a: 5m",
        "\"a b\":   1 | \"a b\": 1",
        "? a : 1 | a: 1",
        "- - 1 | - - 1",
        "-   a: 1 | - a: 1",
        "--- x | x",
      })
  void format_scalars_quotedWhereNeeded(String before, String after) {
    assertEquals(after + "\n", format(before.replace("? a : 1", "? a\n: 1") + "\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: |\n   one\n     two\n\n   three\nb: 1\n",
        "a: |-\n  one\n\n\nb: 1\n",
        "a: |+\n  one\n\n\nb: 1\n",
        "a: |2\n    indented first\n  then not\n",
        "a: >\n      folded\n      text\n\n      more\nb: 1\n",
        "a: \"two\n   lines\n\n   of text\"\nb: 'one\n  more'\n",
        "a: plain\n    over lines # c\nb: 1\n",
        "- |\n a\n- b\n",
        "a:\n  - - 1\n    - 2\n  - []\n",
        "a:\nb: ~\n",
        "---\na: 1\n---\n# only a comment\n---\nb: 2\n...\n",
        "# only comments\n\n# here\n",
        "",
        "\n\n",
        "a: 1",
        "a: \"ä😀#\" # 😀 c\nb: 1 # d\n",
        "a: {}\nb: [\n]\nc: {\n  # inside\n}\n",
        "a: http://x#y\nb: x#y # z\n",
        "{a: 1, b: {c: [1, {d: 2}]}}\n",
        "{\n  \"apiVersion\": \"dvault.io/v1\",\n  \"kind\": \"Vault\"\n}\n",
        "a:\r\n  - 1\r\n  - 2 # c\r\n",
        "# head\n---\na: 1 # x\n# tail\n",
        "a: 1\n# tail of one\n---\n# head of two\nb: 2\n",
        "[a, b] # c\n",
        "x # c\n",
        "a:\n  # lead\n  text\n",
        "a: # r\n  text # s\n",
        "-\n  # c\n  - 1\n",
        "- # c\n  x\n",
      })
  void format_oddForms_keepMeaningAndComments(String yaml) {
    format(yaml); // refuses where tree or comments differ, and is held against itself
  }

  @Test
  void format_anchor_isRefusedAsValidateRefusesIt() {
    Findings findings = new Findings();
    assertTrue(YamlFormat.format("x.yaml", "a: &b 1\n".getBytes(StandardCharsets.UTF_8), findings)
        .isEmpty());
    assertEquals("DV005", findings.sorted().getFirst().code());
  }

  /** Any tree, written in any indentation and style, with comments anywhere: never refused, never changed twice. */
  @Test
  void format_randomFiles_keepMeaningAndComments() {
    for (int seed = 0; seed < 3_000; seed++) {
      String yaml = new RandomYaml(seed).text();
      Findings findings = new Findings();
      YamlReader.read("x", yaml.getBytes(StandardCharsets.UTF_8), findings);
      assertEquals(
          List.of(), findings.sorted(), () -> "the generator writes what is no YAML:\n" + yaml);
      try {
        format(yaml);
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ":\n" + yaml, e);
      }
    }
  }

  /** A writer without manners. */
  private static final class RandomYaml {
    private final Random random;
    private final StringBuilder out = new StringBuilder();
    private int comments;

    RandomYaml(int seed) {
      this.random = new Random(seed);
    }

    String text() {
      int documents = 1 + random.nextInt(2);
      for (int i = 0; i < documents; i++) {
        if (i > 0) {
          out.append("---\n");
        }
        noise(0);
        mapping(0, 0);
        noise(0);
      }
      return out.toString();
    }

    private boolean chance(int percent) {
      return random.nextInt(100) < percent;
    }

    private void noise(int indent) {
      while (chance(25)) {
        out.append(chance(50) ? "" : " ".repeat(indent) + "# c" + comments++).append('\n');
      }
    }

    private void endOfLine() {
      out.append(chance(25) ? "   # r" + comments++ : chance(10) ? "  " : "").append('\n');
    }

    private void mapping(int indent, int depth) {
      List<String> keys = new ArrayList<>(List.of("apiVersion", "kind", "spec", "a b", "x", "yes"));
      java.util.Collections.shuffle(keys, random);
      for (String key : keys.subList(0, 1 + random.nextInt(4))) {
        noise(indent);
        out.append(" ".repeat(indent))
            .append(key.contains(" ") ? '"' + key + '"' : key)
            .append(':');
        value(indent, depth, true);
      }
    }

    private void sequence(int indent, int depth) {
      for (int i = 0; i < 1 + random.nextInt(3); i++) {
        noise(indent);
        out.append(" ".repeat(indent)).append('-');
        value(indent, depth, false);
      }
    }

    private void value(int indent, int depth, boolean mayBeEmpty) {
      int more = 1 + random.nextInt(4);
      switch (depth > 3 ? random.nextInt(4) : random.nextInt(7)) {
        case 0 -> {
          out.append(" ".repeat(1 + random.nextInt(3))).append(scalar());
          endOfLine();
        }
        case 1 -> {
          out.append(' ');
          flow(depth, chance(40) ? indent + more : -1);
          endOfLine();
        }
        case 2 -> {
          out.append(" |")
              .append(chance(30) ? "-" : chance(20) ? "+" : "")
              .append(chance(20) ? " # h" : "")
              .append('\n');
          for (int i = 0; i < 1 + random.nextInt(3); i++) {
            out.append(" ".repeat(indent + more + (i > 0 ? random.nextInt(3) : 0)))
                .append("text # ")
                .append(i)
                .append(i > 0 && chance(20) ? "\n\n" : "\n");
          }
        }
        case 3 -> {
          out.append(
              mayBeEmpty && chance(20) ? "" : " \"two\n" + " ".repeat(indent + more) + "lines\"");
          endOfLine();
        }
        case 4 -> {
          endOfLine();
          sequence(indent + more, depth + 1);
        }
        default -> {
          endOfLine();
          mapping(indent + more, depth + 1);
        }
      }
    }

    private String scalar() {
      return List.of(
              "5m",
              "true",
              "'it''s'",
              "'a'",
              "\"#\"",
              "a#b",
              "http://x:1",
              "-1",
              "no",
              "x y z",
              "\"\\u00e4\"")
          .get(random.nextInt(11));
    }

    /** @param indent of the lines within, or -1 for all on one line */
    private void flow(int depth, int indent) {
      boolean mapping = chance(50);
      out.append(mapping ? '{' : '[').append(chance(30) ? " " : "");
      int count = random.nextInt(4);
      for (int i = 0; i < count; i++) {
        breakLine(indent);
        out.append(mapping ? "k" + i + ": " : "");
        if (depth < 4 && chance(30)) {
          flow(depth + 1, indent);
        } else {
          out.append(scalar());
        }
        out.append(i < count - 1 || chance(10) ? chance(50) ? ", " : " , " : "");
      }
      breakLine(indent);
      out.append(mapping ? '}' : ']');
    }

    private void breakLine(int indent) {
      if (indent >= 0 && chance(60)) {
        endOfLine();
        noise(indent);
        out.append(" ".repeat(indent));
      }
    }
  }
}

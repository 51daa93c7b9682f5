package io.dvault.yaml;

import io.dvault.model.Diagnostic;
import io.dvault.yaml.YamlNode.Field;
import io.dvault.yaml.YamlNode.Mapping;
import io.dvault.yaml.YamlNode.Scalar;
import io.dvault.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * SnakeYAML's events to a tree of nodes. Events, not its composer: three times as fast, and nothing is ever
 * constructed.
 */
final class YamlTree {
  static final int MAX_DEPTH = 32;
  static final int MAX_NODES = 1_000_000;
  private static final int MAX_FINDINGS = 50;

  private final YamlSource source;
  private final LongWords words;
  private final Findings findings;
  private final int before;
  private final ParserImpl parser;
  private int nodes;

  private YamlTree(YamlSource source, LongWords words, Findings findings) {
    this.source = source;
    this.words = words;
    this.findings = findings;
    this.before = findings.count();
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(YamlReader.MAX_BYTES);
    options.setProcessComments(false);
    this.parser = new ParserImpl(new StreamReader(words.text()), options);
  }

  /** The file cannot be read any further; what is wrong was told. */
  private static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /** The documents, or none and findings. */
  static List<YamlDocument> read(YamlSource source, Findings findings) {
    LongWords words = LongWords.of(source.text());
    if (!words.isEmpty()) {
      Findings faults = new Findings();
      List<YamlDocument> documents = new YamlTree(source, words, faults).read();
      if (faults.count() == 0) {
        return documents;
      }
    }
    return new YamlTree(source, LongWords.none(source.text()), findings).read();
  }

  private List<YamlDocument> read() {
    List<YamlDocument> documents = new ArrayList<>();
    try {
      for (Event event = parser.getEvent();
          !event.is(Event.ID.StreamEnd);
          event = parser.getEvent()) {
        if (event.is(Event.ID.DocumentStart)) {
          directives((DocumentStartEvent) event);
          YamlNode root = node(parser.getEvent(), 0);
          boolean empty =
              root instanceof Scalar scalar && scalar.plain() && scalar.text().isEmpty();
          if (!empty) {
            documents.add(new YamlDocument(source, root));
          }
        }
      }
    } catch (MarkedYAMLException e) {
      syntax(e);
    } catch (ReaderException e) {
      unprintable(e);
    } catch (Unreadable e) {
      return List.of(); // told already
    }
    return findings.count() > before ? List.of() : List.copyOf(documents);
  }

  private YamlNode node(Event event, int depth) throws Unreadable {
    if (depth > MAX_DEPTH) {
      report(event, 1, "DV009", "nested too deep", "At most " + MAX_DEPTH + " levels are read.");
      throw new Unreadable();
    }
    if (++nodes > MAX_NODES) {
      report(
          event,
          1,
          "DV009",
          "too many values",
          "At most %,d are read from one file; split it.".formatted(MAX_NODES));
      throw new Unreadable();
    }
    refuseSharing((NodeEvent) event);
    return switch (event) {
      case ScalarEvent scalar -> scalar(scalar);
      case CollectionStartEvent start when start.is(Event.ID.MappingStart) -> mapping(start, depth);
      case CollectionStartEvent start -> sequence(start, depth);
      default ->
        new Scalar("", false, line(event), column(event), 1); // an alias, refused just above
    };
  }

  private Scalar scalar(ScalarEvent event) throws Unreadable {
    refuseTag(event, event.getTag());
    if (event.getScalarStyle() == ScalarStyle.DOUBLE_QUOTED && hasHalfPair(event.getValue())) {
      report(
          event,
          length(event),
          "DV002",
          "half a character",
          "A \\uD8XX to \\uDFXX stands for a character only in a pair. Write the character itself.");
    }
    return new Scalar(
        words.restore(event.getValue()),
        event.getScalarStyle() == ScalarStyle.PLAIN,
        line(event),
        column(event),
        length(event));
  }

  /** Such a text has no UTF-8 form, and only an escape makes one. */
  private static boolean hasHalfPair(String text) {
    return text.codePoints()
        .anyMatch(each -> each >= Character.MIN_SURROGATE && each <= Character.MAX_SURROGATE);
  }

  private Sequence sequence(CollectionStartEvent start, int depth) throws Unreadable {
    refuseTag(start, start.getTag());
    List<YamlNode> items = new ArrayList<>();
    for (Event event = parser.getEvent();
        !event.is(Event.ID.SequenceEnd);
        event = parser.getEvent()) {
      items.add(node(event, depth + 1));
    }
    return new Sequence(items, line(start), column(start), length(start));
  }

  private Mapping mapping(CollectionStartEvent start, int depth) throws Unreadable {
    refuseTag(start, start.getTag());
    Map<String, Field> fields = new LinkedHashMap<>();
    for (Event event = parser.getEvent();
        !event.is(Event.ID.MappingEnd);
        event = parser.getEvent()) {
      YamlNode key = node(event, depth + 1);
      YamlNode value = node(parser.getEvent(), depth + 1);
      if (key instanceof Scalar text) {
        put(fields, new Field(text, value), event);
      } else {
        report(event, 1, "DV010", "key is not text", "Keys are words here, not lists or mappings.");
      }
    }
    return new Mapping(fields, line(start), column(start), length(start));
  }

  private void put(Map<String, Field> fields, Field field, Event event) throws Unreadable {
    Scalar key = field.key();
    if (key.plain() && key.text().equals("<<")) {
      report(
          event,
          2,
          "DV006",
          "merge keys are not read",
          "Write the fields out: what a reviewer reads is then what is issued.");
      return;
    }
    Field first = fields.putIfAbsent(key.text(), field);
    if (first != null) {
      report(
          event,
          key.length(),
          "DV008",
          "field \"" + key.text() + "\" is used twice",
          "The first one is at line " + first.key().line() + ". Remove one of them.");
    }
  }

  private void refuseSharing(NodeEvent event) throws Unreadable {
    if (event.getAnchor() != null) {
      boolean alias = event instanceof AliasEvent;
      report(
          event,
          event.getAnchor().length() + 1,
          "DV005",
          (alias ? "aliases" : "anchors") + " are not read",
          "Write the value out: what a reviewer reads is then what is issued.");
    }
  }

  private void refuseTag(Event event, String tag) throws Unreadable {
    if (tag != null) {
      report(
          event, 1, "DV007", "tags are not read", "Remove the tag: types follow from the field.");
    }
  }

  private void directives(DocumentStartEvent event) throws Unreadable {
    // SnakeYAML always adds the two default handles once a %TAG line is there; without one there
    // are none.
    if (event.getTags() != null
        && event.getTags().keySet().stream().anyMatch(handle -> handle.length() > 2)) {
      report(event, 1, "DV007", "tags are not read", "Remove the %TAG line.");
    }
  }

  private void syntax(MarkedYAMLException e) {
    Mark mark = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
    if (mark.getIndex() < source.text().length()
        && source.text().codePointAt(offset(mark)) == '\t') {
      findings.add(source.locate(
          Diagnostic.error("DV004", "tab in the indentation", "YAML indents with spaces only."),
          mark.getLine() + 1,
          mark.getColumn() + 1,
          1));
      return;
    }
    String problem =
        e.getProblem() == null ? "not YAML" : e.getProblem().lines().findFirst().orElse("not YAML");
    String context = e.getContext() == null ? "" : e.getContext() + ", ";
    findings.add(source.locate(
        Diagnostic.error("DV003", "not valid YAML", (context + problem).toLowerCase(Locale.ROOT)),
        mark.getLine() + 1,
        mark.getColumn() + 1,
        1));
  }

  private int offset(Mark mark) {
    return source.text().offsetByCodePoints(0, mark.getIndex());
  }

  private void unprintable(ReaderException e) {
    long line = 1
        + source
            .text()
            .codePoints()
            .limit(e.getPosition())
            .filter(each -> each == '\n')
            .count();
    findings.add(source.locate(
        Diagnostic.error(
            "DV002", "character U+%04X is not allowed in YAML".formatted(e.getCodePoint())),
        (int) line,
        1,
        1));
  }

  private void report(Event event, int length, String code, String summary, String detail)
      throws Unreadable {
    findings.add(
        source.locate(Diagnostic.error(code, summary, detail), line(event), column(event), length));
    if (findings.count() - before >= MAX_FINDINGS) {
      throw new Unreadable();
    }
  }

  private static int line(Event event) {
    return event.getStartMark().getLine() + 1;
  }

  private int column(Event event) {
    return words.column(event.getStartMark().getLine(), event.getStartMark().getColumn()) + 1;
  }

  private int length(Event event) {
    Mark start = event.getStartMark();
    Mark end = event.getEndMark();
    if (start.getLine() != end.getLine()) {
      return 1;
    }
    return Math.max(
        1,
        words.column(end.getLine(), end.getColumn())
            - words.column(start.getLine(), start.getColumn()));
  }
}

package io.dvault.yaml;

import io.dvault.yaml.YamlLayout.Document;
import io.dvault.yaml.YamlLayout.Entry;
import io.dvault.yaml.YamlLayout.Group;
import io.dvault.yaml.YamlLayout.Style;
import io.dvault.yaml.YamlLayout.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/** Reads the layout of a file that {@link YamlReader} takes. */
final class YamlLayoutReader {
  private final String text;
  private final boolean plainOffsets;
  private final List<Event> events = new ArrayList<>();
  private final Trivia trivia;
  private int at;

  private YamlLayoutReader(String text) {
    this.text = text;
    this.plainOffsets = text.chars().noneMatch(c -> Character.isSurrogate((char) c));
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(YamlReader.MAX_BYTES);
    ParserImpl parser = new ParserImpl(new StreamReader(text), options);
    for (Event event = parser.getEvent(); event != null; event = parser.getEvent()) {
      events.add(event);
      if (event.is(Event.ID.StreamEnd)) {
        break;
      }
    }
    this.trivia = new Trivia(text, valueRanges());
  }

  /** @param text with line feeds only */
  static List<Document> read(String text) {
    return new YamlLayoutReader(text).documents();
  }

  /** Every comment of the file, sorted. */
  static List<String> comments(String text) {
    return new YamlLayoutReader(text).trivia.comments();
  }

  private int offset(Mark mark) {
    return plainOffsets ? mark.getIndex() : text.offsetByCodePoints(0, mark.getIndex());
  }

  private String source(Event event) {
    return text.substring(offset(event.getStartMark()), offset(event.getEndMark()));
  }

  private List<Integer> valueRanges() {
    List<Integer> ranges = new ArrayList<>();
    for (Event event : events) {
      if (event instanceof ScalarEvent scalar && !source(event).isEmpty()) {
        int start = offset(event.getStartMark());
        int end = offset(event.getEndMark());
        if (isBlock(scalar)) { // its first line may carry a comment, and blank lines may follow it
          start =
              Math.min(end, text.indexOf('\n', start) < 0 ? end : text.indexOf('\n', start) + 1);
          end = keepsBlankLines(scalar)
              ? end
              : start + text.substring(start, end).stripTrailing().length();
        }
        ranges.add(start);
        ranges.add(end);
      }
    }
    return ranges;
  }

  private static boolean isBlock(ScalarEvent scalar) {
    return scalar.getScalarStyle() == ScalarStyle.LITERAL
        || scalar.getScalarStyle() == ScalarStyle.FOLDED;
  }

  private boolean keepsBlankLines(ScalarEvent scalar) {
    return header(scalar).indexOf('+') >= 0;
  }

  /** {@code |-} or {@code >2}, without a comment. */
  private String header(ScalarEvent scalar) {
    return source(scalar).lines().findFirst().orElse("").split("[ \t#]", 2)[0];
  }

  private Event peek() {
    return events.get(at);
  }

  private Event next() {
    return events.get(at++);
  }

  private static int line(Mark mark) {
    return mark.getLine();
  }

  private List<Document> documents() {
    List<Document> documents = new ArrayList<>();
    next(); // the stream's start
    while (!peek().is(Event.ID.StreamEnd)) {
      Event start = next();
      List<String> before = trivia.above(line(start.getStartMark()));
      boolean empty = peek() instanceof ScalarEvent scalar && source(scalar).isEmpty();
      List<String> head = new ArrayList<>();
      Optional<YamlLayout> root = Optional.empty();
      String remark = "";
      if (empty) {
        next();
      } else {
        head.addAll(trivia.above(line(peek().getStartMark())));
        Event first = peek();
        root = Optional.of(value());
        remark =
            endsOnItsOwnLine(first) ? trivia.beside(line(events.get(at - 1).getEndMark())) : "";
      }
      next(); // the document's end
      List<String> tail = trivia.above(line(peek().getStartMark()));
      attach(documents, before, head);
      if (root.isPresent() || !head.isEmpty() || !tail.isEmpty()) {
        documents.add(new Document(head, root, remark, tail));
      }
    }
    List<String> rest = trivia.above(Integer.MAX_VALUE);
    if (!rest.isEmpty()) {
      attachToLast(documents, rest);
    }
    return documents;
  }

  private static boolean endsOnItsOwnLine(Event root) {
    return root instanceof ScalarEvent
        || root instanceof CollectionStartEvent start && start.isFlow();
  }

  /** Comments before {@code ---} end the document before it; those of the first one begin it. */
  private static void attach(List<Document> documents, List<String> before, List<String> head) {
    if (documents.isEmpty()) {
      head.addAll(0, before);
    } else {
      attachToLast(documents, before);
    }
  }

  private static void attachToLast(List<Document> documents, List<String> comments) {
    Document last = documents.isEmpty()
        ? new Document(List.of(), Optional.empty(), "", List.of())
        : documents.removeLast();
    List<String> tail = new ArrayList<>(last.tail());
    tail.addAll(comments);
    documents.add(new Document(last.head(), last.root(), last.remark(), tail));
  }

  private YamlLayout value() {
    return switch (next()) {
      case ScalarEvent scalar -> text(scalar);
      case CollectionStartEvent start -> group(start);
      case Event other -> throw new IllegalStateException("not a value: " + other.getEventId());
    };
  }

  private Text text(ScalarEvent scalar) {
    if (isBlock(scalar)) {
      return new Text(blockLines(scalar), true);
    }
    String source = source(scalar);
    boolean simple = scalar.getScalarStyle() == ScalarStyle.SINGLE_QUOTED
        && scalar.getValue().chars().noneMatch(c -> c == '"' || c == '\\' || c < ' ')
        && source.indexOf('\n') < 0;
    if (simple
        || scalar.getScalarStyle() == ScalarStyle.PLAIN
            && Scalars.isMisreadElsewhere(scalar.getValue())) {
      return new Text(List.of('"' + scalar.getValue() + '"'), false);
    }
    return new Text(source.lines().map(String::strip).toList(), false);
  }

  private List<String> blockLines(ScalarEvent scalar) {
    String header = header(scalar);
    boolean literal = scalar.getScalarStyle() == ScalarStyle.LITERAL;
    List<String> lines = new ArrayList<>();
    if (literal) {
      boolean spaceFirst = scalar
          .getValue()
          .lines()
          .filter(line -> !line.isEmpty())
          .findFirst()
          .orElse("")
          .startsWith(" ");
      lines.add("|" + (spaceFirst ? "2" : "") + header.replaceAll("[^-+]", ""));
      scalar.getValue().lines().forEach(lines::add);
      return lines;
    }
    List<String> content = source(scalar).lines().skip(1).toList();
    int indent = content.stream()
        .filter(line -> !line.isBlank())
        .mapToInt(line -> line.length() - line.stripLeading().length())
        .min()
        .orElse(0);
    lines.add(header);
    content.forEach(line -> lines.add(line.length() < indent ? "" : line.substring(indent)));
    while (!header.contains("+") && lines.getLast().isEmpty()) {
      lines.removeLast();
    }
    return lines;
  }

  private Group group(CollectionStartEvent start) {
    boolean mapping = start.is(Event.ID.MappingStart);
    boolean flow = start.getFlowStyle() == FlowStyle.FLOW;
    int opened = line(start.getStartMark());
    int column = start.getStartMark().getColumn();
    boolean spread = flow && line(closing().getEndMark()) > opened;
    List<Entry> entries = new ArrayList<>();
    while (!ends(peek())) {
      entries.add(entry(mapping, flow && !spread));
    }
    Event end = next();
    List<String> tail = flow
        ? spread ? trivia.above(line(end.getEndMark())) : List.of()
        : trivia.indented(line(peek().getStartMark()), Math.max(1, column));
    Style style = !flow ? Style.BLOCK : spread ? Style.SPREAD : Style.LINE;
    return new Group(mapping, style, entries, tail);
  }

  /** The event that ends the collection whose start was just taken. */
  private Event closing() {
    int depth = 1;
    for (int i = at; ; i++) {
      Event event = events.get(i);
      depth += event instanceof CollectionStartEvent ? 1 : ends(event) ? -1 : 0;
      if (depth == 0) {
        return event;
      }
    }
  }

  private static boolean ends(Event event) {
    return event.is(Event.ID.MappingEnd) || event.is(Event.ID.SequenceEnd);
  }

  /** @param bare whether no comment can stand inside, since all is on one line */
  private Entry entry(boolean mapping, boolean bare) {
    Event first = peek();
    List<String> lead =
        new ArrayList<>(bare ? List.of() : trivia.above(line(first.getStartMark())));
    String key = "";
    String remark = "";
    if (mapping) {
      key = String.join(" ", text((ScalarEvent) next()).lines());
      boolean below = line(peek().getStartMark()) > line(first.getEndMark());
      remark = bare || !below ? "" : trivia.beside(line(first.getEndMark()));
    }
    Event value = peek();
    boolean block = value instanceof CollectionStartEvent start && !start.isFlow();
    if (!bare && !block) {
      lead.addAll(trivia.above(line(value.getStartMark())));
    }
    boolean lines = value instanceof ScalarEvent scalar && isBlock(scalar);
    if (lines && remark.isEmpty()) {
      remark = trivia.beside(line(value.getStartMark()));
    }
    YamlLayout layout = value();
    if (!bare && !block && !lines && remark.isEmpty()) {
      remark = trivia.beside(line(events.get(at - 1).getEndMark()));
    }
    return new Entry(lead, key, layout, remark);
  }
}

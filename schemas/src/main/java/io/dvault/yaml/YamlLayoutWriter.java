package io.dvault.yaml;

import io.dvault.yaml.YamlLayout.Document;
import io.dvault.yaml.YamlLayout.Entry;
import io.dvault.yaml.YamlLayout.Group;
import io.dvault.yaml.YamlLayout.Style;
import io.dvault.yaml.YamlLayout.Text;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Writes a layout in the one style. */
final class YamlLayoutWriter {
  private static final int WIDTH = 120;
  private static final int STEP = 2;
  /** Comments beside longer lines are not lined up with their neighbours. */
  private static final int FARTHEST_REMARK = 80;

  private static final List<String> FIRST = List.of("apiVersion", "kind", "metadata", "spec");

  private final List<Line> lines = new ArrayList<>();
  /** How many lines there were after a block that keeps the blank lines below it as its own. */
  private int keeping = -1;

  /**
   * @param remark the comment beside it, or empty
   * @param value whether it is part of one, so that it stays also when it is blank
   */
  private record Line(String text, String remark, boolean value) {
    boolean isBlank() {
      return text.isEmpty() && !value;
    }
  }

  private YamlLayoutWriter() {}

  static String write(List<Document> documents) {
    YamlLayoutWriter writer = new YamlLayoutWriter();
    for (int i = 0; i < documents.size(); i++) {
      if (i > 0) {
        writer.lines.add(new Line("---", "", false));
      }
      writer.document(documents.get(i));
    }
    return writer.text();
  }

  private void document(Document document) {
    List<Line> before = List.copyOf(lines);
    lines.clear();
    keeping = -1;
    comments(document.head(), 0);
    document.root().ifPresent(root -> {
      if (root instanceof Group group
          && group.style() != Style.LINE
          && !group.entries().isEmpty()) {
        group(inOrder(group), 0, "");
        if (!document.remark().isEmpty()) { // it stood beside the closing brace, which is gone
          lines.add(new Line(document.remark(), "", false));
        }
      } else {
        inline("", root, 0, document.remark());
      }
    });
    comments(document.tail(), 0);
    List<Line> written = withoutBlankEnds(lines);
    lines.clear();
    lines.addAll(before);
    lines.addAll(written);
  }

  private static List<Line> withoutBlankEnds(List<Line> lines) {
    int from = 0;
    int to = lines.size();
    while (from < to && lines.get(from).isBlank()) {
      from++;
    }
    while (from < to && lines.get(to - 1).isBlank()) {
      to--;
    }
    return List.copyOf(lines.subList(from, to));
  }

  /** An object of dVault has its four fields in their order. */
  private static Group inOrder(Group root) {
    if (!root.mapping()
        || root.entries().stream().noneMatch(entry -> entry.key().equals("apiVersion"))) {
      return root;
    }
    List<Entry> sorted = root.entries().stream()
        .sorted(Comparator.comparingInt(
            entry -> FIRST.contains(entry.key()) ? FIRST.indexOf(entry.key()) : FIRST.size()))
        .toList();
    return new Group(true, root.style(), sorted, root.tail());
  }

  private void comments(List<String> comments, int indent) {
    for (String comment : comments) {
      boolean doubled = comment.isEmpty()
          && (lines.size() == keeping || !lines.isEmpty() && lines.getLast().isBlank());
      if (!doubled) {
        lines.add(new Line(comment.isEmpty() ? "" : " ".repeat(indent) + comment, "", false));
      }
    }
  }

  /**
   * @param opening what the first entry's line starts with, in place of its indentation; empty for none
   */
  private void group(Group group, int indent, String opening) {
    for (int i = 0; i < group.entries().size(); i++) {
      Entry entry = group.entries().get(i);
      boolean first = i == 0;
      List<String> lead = first ? withoutBlankStart(entry.lead()) : entry.lead();
      comments(lead, first && !opening.isEmpty() ? opening.indexOf('-') : indent);
      String start = first && !opening.isEmpty() ? opening : " ".repeat(indent);
      value(
          start + (group.mapping() ? entry.key() + ":" : "-"),
          entry.value(),
          indent,
          entry.remark());
    }
    comments(group.tail(), indent);
  }

  private static List<String> withoutBlankStart(List<String> comments) {
    int from = 0;
    while (from < comments.size() && comments.get(from).isEmpty()) {
      from++;
    }
    return comments.subList(from, comments.size());
  }

  private void value(String start, YamlLayout value, int indent, String remark) {
    int above = start.length() - start.stripLeading().length();
    boolean item = start.endsWith("-"); // else it ends in a key and its colon
    if (value instanceof Group group && isBlock(group, start.length() + 1)) {
      if (item) {
        comments(remark.isEmpty() ? List.of() : List.of(remark), above);
        group(group, indent + STEP, start + " ");
      } else {
        lines.add(new Line(start, remark, true));
        group(group, indent + STEP, "");
      }
    } else {
      if (value instanceof Group empty) { // a comment within empty braces goes above them
        comments(empty.tail().stream().filter(text -> !text.isEmpty()).toList(), above);
      }
      inline(start + " ", value, indent + STEP, remark);
    }
  }

  /** Whether it is written by indentation: always so before, or spread over lines and too wide for one. */
  private static boolean isBlock(Group group, int used) {
    return !group.entries().isEmpty()
        && (group.style() == Style.BLOCK
            || group.style() == Style.SPREAD
                && (hasComments(group)
                    || used + flow(group).length() > WIDTH
                    || hasLongText(group)));
  }

  private static boolean hasComments(Group group) {
    return group.tail().stream().anyMatch(text -> !text.isEmpty())
        || group.entries().stream()
            .anyMatch(entry -> !entry.remark().isEmpty()
                || entry.lead().stream().anyMatch(text -> !text.isEmpty())
                || entry.value() instanceof Group inner && hasComments(inner));
  }

  private static boolean hasLongText(Group group) {
    return group.entries().stream().anyMatch(entry -> switch (entry.value()) {
      case Text text -> text.lines().size() > 1;
      case Group inner -> hasLongText(inner);
    });
  }

  private void inline(String start, YamlLayout value, int indent, String remark) {
    switch (value) {
      case Group group -> lines.add(new Line(start + flow(group), remark, true));
      case Text text -> {
        List<String> all = text.lines().isEmpty() ? List.of("") : text.lines();
        for (int i = 0; i < all.size(); i++) {
          boolean remarked = text.block() ? i == 0 : i == all.size() - 1;
          String line = i == 0
              ? start + all.getFirst()
              : all.get(i).isEmpty() ? "" : " ".repeat(indent) + all.get(i);
          lines.add(new Line(
              i == 0 || !text.block() ? line.stripTrailing() : line, remarked ? remark : "", true));
        }
        keeping = text.block() && all.getFirst().contains("+") ? lines.size() : keeping;
      }
    }
  }

  private static String flow(YamlLayout value) {
    return switch (value) {
      case Text text -> String.join(" ", text.lines());
      case Group group -> {
        List<String> parts = group.entries().stream()
            .map(entry -> (group.mapping() ? entry.key() + ": " : "") + flow(entry.value()))
            .toList();
        yield (group.mapping() ? "{" : "[")
            + String.join(", ", parts)
            + (group.mapping() ? "}" : "]");
      }
    };
  }

  /** The lines, with neighbouring remarks in one column. */
  private String text() {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < lines.size(); ) {
      int end = i;
      int widest = 0;
      while (end < lines.size()
          && !lines.get(end).remark().isEmpty()
          && width(lines.get(end)) <= FARTHEST_REMARK) {
        widest = Math.max(widest, width(lines.get(end++)));
      }
      for (int each = i; each < Math.max(end, i + 1); each++) {
        Line line = lines.get(each);
        int gap = Math.max(0, widest - width(line)) + STEP;
        out.append(line.text())
            .append(line.remark().isEmpty() ? "" : " ".repeat(gap) + line.remark())
            .append('\n');
      }
      i = Math.max(end, i + 1);
    }
    return out.toString();
  }

  private static int width(Line line) {
    return line.text().codePointCount(0, line.text().length());
  }
}

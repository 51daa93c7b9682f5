package io.dvault.yaml;

import java.util.List;
import java.util.Optional;

/** What {@code fmt} keeps of a YAML file: values as they were written, comments, and blank lines between them. */
sealed interface YamlLayout {
  /**
   * A value that is no collection.
   *
   * @param lines as to be written; those after the first without indentation
   * @param block whether they are a literal or folded block, which has its comment on its first line
   */
  record Text(List<String> lines, boolean block) implements YamlLayout {
    public Text {
      lines = List.copyOf(lines);
    }
  }

  /**
   * A mapping or a sequence.
   *
   * @param style whether it is written in braces, and why
   * @param tail comments after its last entry
   */
  record Group(boolean mapping, Style style, List<Entry> entries, List<String> tail)
      implements YamlLayout {
    public Group {
      entries = List.copyOf(entries);
      tail = List.copyOf(tail);
    }
  }

  /** BLOCK: by indentation. LINE: in braces on one line, and stays so. SPREAD: in braces over several lines. */
  enum Style {
    BLOCK,
    LINE,
    SPREAD
  }

  /**
   * @param lead comments above it, {@code ""} for a blank line
   * @param key as it was written; empty in a sequence
   * @param remark the comment beside it, or empty
   */
  record Entry(List<String> lead, String key, YamlLayout value, String remark) {
    public Entry {
      lead = List.copyOf(lead);
    }
  }

  /** @param root empty when there are only comments */
  record Document(List<String> head, Optional<YamlLayout> root, String remark, List<String> tail) {
    public Document {
      head = List.copyOf(head);
      tail = List.copyOf(tail);
    }
  }
}

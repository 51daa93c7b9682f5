package io.dvault;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds citations, links and rows that point to nothing. Pure: works on texts by their path in the
 * repository, with {@code /} between folders. Each finding is one line: path, then what is wrong.
 */
final class RepositoryDocuments {
  static final String REQUIREMENTS = "docs/requirements.md";
  static final String THREATS = "docs/threat-model.md";
  static final String ARCHITECTURE = "docs/architecture.md";
  private static final String SCRIPTS = "engine/src/test/resources/scripts/";
  private static final String SCRIPTS_TEST = "/ScriptsTest.java";

  private static final String ID = "[OAPSIKGET][0-9]{1,2}";
  private static final Pattern ROW_ID = Pattern.compile(ID);
  private static final Pattern CITED_ROWS = Pattern.compile(
      "(docs/(?:requirements|threat-model)\\.md) (" + ID + "(?:,? " + ID + ")*)\\b");
  private static final Pattern OUTSIDE = Pattern.compile(
      "\\b(?:FEATURES|SECURITY|DESIGN|STYLE|SCREENS)(?:\\.md)?,? (?:[A-Z]?[0-9]{1,2}\\b|\"[A-Z])"
          + "|SCREENS, [a-z]");
  private static final Pattern CITED_DOCUMENT =
      Pattern.compile("(?<![\\w./-])(?:docs|schemas/spec)/[\\w./-]+\\.md\\b");
  private static final Pattern CITED_SECTION =
      Pattern.compile("(?<![\\w./-])((?:docs|schemas/spec)/[\\w./-]+\\.md)\\)?, \"([^\"\\n]+)\"");
  private static final Pattern TAG = Pattern.compile("@Tag\\(\"([^\"]*)\"\\)");
  private static final Pattern PLAIN_TAG = Pattern.compile(ID + "|[a-z]+(?::[a-z-]+)?");
  private static final Pattern NATSPEC = Pattern.compile("@dev (" + ID + "(?:, " + ID + ")*)\\b");
  private static final Pattern LINK = Pattern.compile("!?\\[[^\\]\\n]*\\]\\(([^()\\s]+)\\)");
  private static final Pattern LINK_DEFINITION =
      Pattern.compile("^\\[[^\\]\\n]+\\]: (\\S+)", Pattern.MULTILINE);
  private static final Pattern QUOTED = Pattern.compile("(script )?`([^`]+)`");
  private static final Pattern CLASS_NAME = Pattern.compile("[A-Z][A-Za-z0-9]+");
  private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.+?) *#*$", Pattern.MULTILINE);
  private static final Pattern COMMENT_BREAK =
      Pattern.compile("\\R[ \\t]*(?:\\*(?!/)|//+|#)?[ \\t]*");
  private static final Pattern FENCE = Pattern.compile(
      "^([ \\t]*)(```+|~~~+).*?^[ \\t]*\\2[ \\t]*$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern INLINE_CODE = Pattern.compile("`[^`\\n]*`");

  private final Map<String, String> texts;
  private final Predicate<String> exists;
  private final List<String> findings = new ArrayList<>();

  /**
   * @param texts of the files that are checked, by path
   * @param exists whether a path is a file or folder of the repository
   */
  RepositoryDocuments(Map<String, String> texts, Predicate<String> exists) {
    this.texts = new TreeMap<>(texts);
    this.exists = exists;
  }

  /** One line of a table: cells by the header of their column. */
  record Row(String id, Map<String, String> cells) {
    String cell(String column) {
      return cells.getOrDefault(column, "");
    }
  }

  List<String> findings() {
    Set<String> rows = new TreeSet<>(ids(REQUIREMENTS));
    rows.addAll(ids(THREATS));
    texts.forEach((path, text) -> {
      citations(path, text);
      tags(path, text, rows);
      if (path.endsWith(".md")) {
        links(path, text);
      }
    });
    shown(REQUIREMENTS, "not shown");
    shown(THREATS, "open");
    classes(THREATS, "defended by");
    classes(ARCHITECTURE, "class");
    return List.copyOf(findings);
  }

  private void citations(String path, String text) {
    // Markdown shows other programs' output in fences; what stands there is no citation.
    String flat =
        COMMENT_BREAK.matcher(path.endsWith(".md") ? withoutFences(text) : text).replaceAll(" ");
    each(
        OUTSIDE,
        flat,
        match -> find(path, "cites a file outside of the repository: " + match.group()));
    each(CITED_ROWS, flat, match -> {
      List<String> known = ids(match.group(1));
      each(ROW_ID, match.group(2), id -> {
        if (!known.contains(id.group())) {
          find(path, match.group(1) + " has no row " + id.group());
        }
      });
    });
    each(CITED_DOCUMENT, flat, match -> {
      if (!exists.test(match.group())) {
        find(path, "cites " + match.group() + ", which does not exist");
      }
    });
    each(CITED_SECTION, flat, match -> {
      String cited = texts.get(match.group(1));
      if (cited != null && !titles(cited).contains(match.group(2).toLowerCase(Locale.ROOT))) {
        find(path, match.group(1) + " has no section \"" + match.group(2) + "\"");
      }
    });
  }

  private void tags(String path, String text, Set<String> rows) {
    if (path.endsWith(".java")) {
      each(TAG, text, match -> {
        String tag = match.group(1);
        if (!PLAIN_TAG.matcher(tag).matches()) {
          find(path, "tag \"" + tag + "\" is neither a row, a word nor peer:NAME");
        } else if (ROW_ID.matcher(tag).matches() && !rows.contains(tag)) {
          find(path, "tag of a row that does not exist: " + tag);
        }
      });
    } else if (path.endsWith(".sol")) {
      each(
          NATSPEC,
          text,
          match -> each(ROW_ID, match.group(1), id -> {
            if (!rows.contains(id.group())) {
              find(path, "@dev names a row that does not exist: " + id.group());
            }
          }));
    } else if (path.startsWith(SCRIPTS) && path.endsWith(".txt")) {
      List<String> carried = scriptRows(text);
      if (carried.isEmpty()) {
        find(path, "the first line names no row: # G5 what it shows");
      }
      Optional<String> runner = texts.keySet().stream()
          .filter(each -> each.endsWith(SCRIPTS_TEST))
          .map(texts::get)
          .findAny();
      for (String id : carried) {
        if (!rows.contains(id)) {
          find(path, "the first line names a row that does not exist: " + id);
        } else if (runner.isPresent() && !runner.get().contains("@Tag(\"" + id + "\")")) {
          find(path, "ScriptsTest lacks the tag " + id + ", so -Dgroups=" + id + " leaves it out");
        }
      }
    }
  }

  private void links(String path, String text) {
    String prose = INLINE_CODE.matcher(withoutFences(text)).replaceAll("``");
    each(LINK, prose, match -> link(path, text, match.group(1)));
    each(LINK_DEFINITION, prose, match -> link(path, text, match.group(1)));
  }

  private void link(String path, String text, String target) {
    if (target.matches("(?i)[a-z][a-z0-9+.-]*:.*")) {
      return; // another site: this test needs no network
    }
    int hash = target.indexOf('#');
    String file = hash < 0 ? target : target.substring(0, hash);
    Optional<String> resolved = file.isEmpty() ? Optional.of(path) : resolve(path, file);
    if (resolved.isEmpty() || !file.isEmpty() && !exists.test(resolved.get())) {
      find(path, "dead link: " + target);
    } else if (hash >= 0) {
      String linked = file.isEmpty() ? text : texts.getOrDefault(resolved.get(), "");
      if (!anchors(linked).contains(target.substring(hash + 1))) {
        find(path, "dead anchor: " + target);
      }
    }
  }

  /** {@code ../x} from {@code a/b.md} is {@code x}; empty when it leaves the repository. */
  private static Optional<String> resolve(String from, String relative) {
    List<String> parts = new ArrayList<>(Arrays.asList(from.split("/")));
    parts.removeLast();
    for (String part : relative.split("/")) {
      if (part.equals("..")) {
        if (parts.isEmpty()) {
          return Optional.empty();
        }
        parts.removeLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return Optional.of(String.join("/", parts));
  }

  private void shown(String document, String openColumn) {
    List<Row> rows = rows(texts.getOrDefault(document, ""));
    if (rows.isEmpty()) {
      find(document, "has no rows");
    }
    Set<String> seen = new TreeSet<>();
    for (Row row : rows) {
      if (!seen.add(row.id())) {
        find(document, row.id() + " is used twice");
      }
      List<MatchResult> named = QUOTED.matcher(row.cell("shown by")).results().toList();
      if (named.isEmpty() && !row.cell(openColumn).startsWith("open")) {
        find(document, row.id() + " names no test and is not open");
      }
      named.forEach(each -> test(document, row.id(), each.group(1) != null, each.group(2)));
    }
  }

  private void test(String document, String row, boolean script, String name) {
    List<String> paths; // several modules may have a class of that name
    if (script) {
      paths = Stream.of(SCRIPTS + name + ".txt").filter(texts::containsKey).toList();
    } else {
      String end = name.endsWith(".sol") ? "/" + name : "/" + name + ".java";
      paths = texts.keySet().stream()
          .filter(each -> each.contains("/src/test/") && each.endsWith(end))
          .toList();
    }
    if (paths.isEmpty()) {
      find(document, row + " names a test that does not exist: " + name);
    } else if (paths.stream().noneMatch(each -> carries(each, row))) {
      find(document, row + " names " + name + ", which does not carry its id");
    }
  }

  private boolean carries(String path, String row) {
    String text = texts.get(path);
    if (path.endsWith(".txt")) {
      return scriptRows(text).contains(row);
    }
    if (path.endsWith(".sol")) {
      return NATSPEC
          .matcher(text)
          .results()
          .flatMap(match -> ROW_ID.matcher(match.group(1)).results())
          .anyMatch(id -> id.group().equals(row));
    }
    return text.contains("@Tag(\"" + row + "\")");
  }

  /** Names of classes in a column of a table, which have to be classes of the main code. */
  private void classes(String document, String column) {
    Set<String> known = texts.keySet().stream()
        .filter(path -> path.contains("/src/main/"))
        .map(path -> path.substring(path.lastIndexOf('/') + 1).replaceAll("\\.(java|sol)$", ""))
        .collect(Collectors.toSet());
    for (Row row : rows(texts.getOrDefault(document, ""))) {
      each(QUOTED, row.cell(column), match -> {
        if (CLASS_NAME.matcher(match.group(2)).matches() && !known.contains(match.group(2))) {
          find(document, row.id() + " names a class that does not exist: " + match.group(2));
        }
      });
    }
  }

  private List<String> ids(String document) {
    return rows(texts.getOrDefault(document, "")).stream()
        .map(Row::id)
        .filter(id -> ROW_ID.matcher(id).matches())
        .toList();
  }

  /** All rows of all tables of a Markdown text, each with the headers of its own table. */
  static List<Row> rows(String text) {
    List<Row> rows = new ArrayList<>();
    List<String> header = List.of();
    for (String line : withoutFences(text).lines().toList()) {
      if (!line.startsWith("|")) {
        header = List.of();
        continue;
      }
      List<String> cells = Stream.of(line.strip().replaceAll("^\\||\\|$", "").split("\\|", -1))
          .map(String::strip)
          .toList();
      if (header.isEmpty()) {
        header = cells;
      } else if (!line.matches("[|:\\- ]+")) {
        Map<String, String> byHeader = new LinkedHashMap<>();
        for (int i = 0; i < Math.min(header.size(), cells.size()); i++) {
          byHeader.put(header.get(i), cells.get(i));
        }
        rows.add(new Row(cells.getFirst(), byHeader));
      }
    }
    return rows;
  }

  /** {@code # T7 G4: what it shows} → T7, G4. */
  static List<String> scriptRows(String text) {
    List<String> rows = new ArrayList<>();
    String first = text.lines().findFirst().orElse("");
    if (first.startsWith("#")) {
      for (String word : first.substring(1).strip().split("[ :]+")) {
        if (!ROW_ID.matcher(word).matches()) {
          break;
        }
        rows.add(word);
      }
    }
    return rows;
  }

  /** Anchors as GitHub makes them of headings; the second of a name ends in -1. */
  static Set<String> anchors(String text) {
    Set<String> anchors = new TreeSet<>();
    Map<String, Integer> seen = new HashMap<>();
    for (String title : headings(text)) {
      String slug =
          title.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
      int before = seen.merge(slug, 1, Integer::sum) - 1;
      anchors.add(before == 0 ? slug : slug + "-" + before);
    }
    return anchors;
  }

  private static Set<String> titles(String text) {
    return headings(text).stream()
        .map(title -> title.toLowerCase(Locale.ROOT))
        .collect(Collectors.toSet());
  }

  private static List<String> headings(String text) {
    return HEADING
        .matcher(withoutFences(text))
        .results()
        .map(match -> match.group(1).replace("`", ""))
        .toList();
  }

  private static String withoutFences(String text) {
    return FENCE.matcher(text).replaceAll("");
  }

  private static void each(
      Pattern pattern, String text, java.util.function.Consumer<MatchResult> then) {
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      then.accept(matcher.toMatchResult());
    }
  }

  private void find(String path, String what) {
    findings.add(path + ": " + what);
  }
}

package io.dvault.git;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.SourcePosition;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Which files belong to a vault, and how much of them is read: the same for the work tree and for git objects.
 * docs/threat-model.md T28.
 */
final class FileRules {
  static final int MAX_FILE = 4 << 20;
  static final long MAX_TOTAL = 512L << 20;
  static final int MAX_FILES = 200_000;
  /** Of anything, looked into or not: a git tree of a kilobyte can list a billion names. */
  static final int MAX_NAMES = 1_000_000;

  static final int MAX_DEPTH = 64;
  private static final int LFS_POINTER = 1024;
  private static final String LFS_SPEC = "version https://git-lfs.github.com/spec/";
  private static final Pattern KEY_FILE = Pattern.compile("authorities/[^/]+\\.(pub|age)");

  private final SortedMap<String, SourceFile> files = new TreeMap<>();
  private final List<Diagnostic> findings = new ArrayList<>();
  private long total;
  private int count;

  /** Whether anything of this name is looked at: what starts with a dot is other programs' business. */
  static boolean isVisible(String name) {
    return !name.startsWith(".");
  }

  static boolean isRelevant(String path) {
    return isYaml(path) || KEY_FILE.matcher(path).matches();
  }

  static boolean isYaml(String path) {
    String lower = path.toLowerCase(Locale.ROOT);
    return lower.endsWith(".yaml") || lower.endsWith(".yml");
  }

  /** Whether a folder of this path is entered. */
  static boolean isShallow(String path) {
    return path.chars().filter(c -> c == '/').count() < MAX_DEPTH;
  }

  /** Counts the names that a walk meets. */
  static final class Walked {
    private int names;

    void step() {
      if (++names > MAX_NAMES) {
        throw new DiagnosticException(Diagnostic.error(
            "DV025",
            "the repository is too large",
            "It lists more than %,d names.".formatted(MAX_NAMES),
            "Keep the vault in a repository of its own."));
      }
    }
  }

  static Diagnostic tooDeep(String path) {
    return Diagnostic.error(
            "DV025", "folders nested too deep", "At most %d are entered.".formatted(MAX_DEPTH))
        .at(new SourcePosition(path, 1, 1));
  }

  static Diagnostic notUtf8(String path) {
    return Diagnostic.error(
            "DV025",
            "a file's name is not UTF-8",
            "Programs differ in how they read it; rename it.")
        .at(new SourcePosition(path, 1, 1));
  }

  /** Whether a file of this length is read; a finding when it is not. */
  boolean fits(String path, long length) {
    if (length > MAX_FILE) {
      findings.add(Diagnostic.error(
              "DV001",
              "file too large",
              "It has %,d bytes; at most %,d are read.".formatted(length, MAX_FILE),
              "Split it, or move it under a folder whose name starts with a dot.")
          .at(new SourcePosition(path, 1, 1)));
      return false;
    }
    total += length;
    if (total > MAX_TOTAL || ++count > MAX_FILES) {
      throw tooMany();
    }
    return true;
  }

  static DiagnosticException tooMany() {
    return new DiagnosticException(Diagnostic.error(
        "DV025",
        "the repository is too large",
        "At most %,d files of together %,d bytes are read.".formatted(MAX_FILES, MAX_TOTAL),
        "A vault's folder holds its YAML; keep other things elsewhere, or under a folder whose name starts with a",
        "dot."));
  }

  /** Git LFS leaves a pointer in git, and puts the file itself elsewhere by a filter; filters take no part here. */
  void add(SourceFile file) {
    if (file.length() < LFS_POINTER
        && new String(file.content(), StandardCharsets.ISO_8859_1).startsWith(LFS_SPEC)) {
      findings.add(Diagnostic.error(
              "DV025",
              "the file is kept in Git LFS",
              "git itself holds a pointer to it only. What a vault declares is to be in git: git lfs untrack")
          .at(new SourcePosition(file.path(), 1, 1)));
    }
    files.put(file.path(), file);
  }

  /** A symbolic link is never followed; one that stays inside points at what is read anyway. */
  void link(String path, String target) {
    Path folder = Path.of(path).getParent();
    Path to = Path.of(target);
    Path resolved = (folder == null ? to : folder.resolve(to)).normalize();
    if (to.isAbsolute() || resolved.startsWith("..") || target.isEmpty()) {
      findings.add(Diagnostic.error(
              "DV025",
              "symbolic link leaves the repository",
              "It points to \"" + printable(target)
                  + "\". What a vault declares is in its own files; put a copy here.")
          .at(new SourcePosition(path, 1, 1)));
    }
  }

  void submodule(String path) {
    findings.add(Diagnostic.warning(
            "DV025",
            "another git repository in this one is not read",
            "Declarations in it count for nothing here.")
        .at(new SourcePosition(path, 1, 1)));
  }

  private static String printable(String text) {
    String clean = text.replaceAll("\\p{Cntrl}", "?");
    return clean.length() > 100 ? clean.substring(0, 100) + "…" : clean;
  }

  SortedMap<String, SourceFile> files() {
    return files;
  }

  void found(Diagnostic finding) {
    findings.add(finding);
  }

  /** All of them, with those about names that some file systems cannot hold side by side. */
  List<Diagnostic> findings() {
    List<Diagnostic> all = new ArrayList<>(findings);
    Map<String, String> folded = new HashMap<>();
    for (String path : files.keySet()) {
      String other = folded.putIfAbsent(folded(path), path);
      if (other != null) {
        all.add(Diagnostic.error(
                "DV025",
                "two names that differ only in case or accents' form",
                "Where file systems take them for one (macOS, Windows), it hides " + other
                    + ", or that hides it.",
                "Rename one of the two.")
            .at(new SourcePosition(path, 1, 1)));
      }
    }
    return all;
  }

  private static String folded(String path) {
    boolean plain = path.chars().allMatch(c -> c < 0x80);
    return (plain ? path : Normalizer.normalize(path, Normalizer.Form.NFC))
        .toLowerCase(Locale.ROOT);
  }
}

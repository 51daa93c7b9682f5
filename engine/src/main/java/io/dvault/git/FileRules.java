package io.dvault.git;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.SourcePosition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Which files belong to a vault, and how much of them is read: the same for the work tree and for git objects.
 * SECURITY T28.
 */
final class FileRules {
  static final int MAX_FILE = 4 << 20;
  static final long MAX_TOTAL = 512L << 20;
  static final int MAX_FILES = 200_000;
  private static final Pattern KEY_FILE = Pattern.compile("authorities/[^/]+\\.(pub|age)");

  private final SortedMap<String, SourceFile> files = new TreeMap<>();
  private final List<Diagnostic> findings = new ArrayList<>();
  private long total;

  /** Whether anything of this name is looked at: what starts with a dot is other programs' business. */
  static boolean isVisible(String name) {
    return !name.startsWith(".");
  }

  static boolean isRelevant(String path) {
    String lower = path.toLowerCase(Locale.ROOT);
    return lower.endsWith(".yaml") || lower.endsWith(".yml") || KEY_FILE.matcher(path).matches();
  }

  /** Whether a file of this length is read; a finding when it is not. */
  boolean fits(String path, long length) {
    if (length > MAX_FILE) {
      findings.add(Diagnostic.error("DV001", "file too large",
              "It has %,d bytes; at most %,d are read.".formatted(length, MAX_FILE),
              "Split it, or move it under a folder whose name starts with a dot.")
          .at(new SourcePosition(path, 1, 1)));
      return false;
    }
    total += length;
    if (total > MAX_TOTAL || files.size() >= MAX_FILES) {
      throw new DiagnosticException(Diagnostic.error("DV025", "the repository is too large",
          "At most %,d files of together %,d bytes are read.".formatted(MAX_FILES, MAX_TOTAL),
          "A vault's folder holds its YAML; keep other things elsewhere, or under a folder whose name starts with a",
          "dot."));
    }
    return true;
  }

  void add(String path, byte[] content) {
    files.put(path, new SourceFile(path, content));
  }

  /** A symbolic link is never followed; one that stays inside points at what is read anyway. */
  void link(String path, String target) {
    Path folder = Path.of(path).getParent();
    Path to = Path.of(target);
    Path resolved = (folder == null ? to : folder.resolve(to)).normalize();
    if (to.isAbsolute() || resolved.startsWith("..") || target.isEmpty()) {
      findings.add(Diagnostic.error("DV025", "symbolic link leaves the repository",
              "It points to \"" + printable(target) + "\". What a vault declares is in its own files; put a copy here.")
          .at(new SourcePosition(path, 1, 1)));
    }
  }

  void submodule(String path) {
    findings.add(Diagnostic.warning("DV025", "another git repository in this one is not read",
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

  List<Diagnostic> findings() {
    return findings;
  }
}

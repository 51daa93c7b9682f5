package io.dvault.git;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.diff.HistogramDiff;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;

/** The difference of two texts as {@code diff -u} shows it. */
public final class UnifiedDiff {
  private UnifiedDiff() {}

  /**
   * Ends with a line feed; empty when the texts are equal.
   *
   * @param before name of the old side, {@code old/vault.yaml}
   */
  public static String of(String before, String oldText, String after, String newText) {
    if (oldText.equals(newText)) {
      return "";
    }
    RawText a = new RawText(oldText.getBytes(StandardCharsets.UTF_8));
    RawText b = new RawText(newText.getBytes(StandardCharsets.UTF_8));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DiffFormatter formatter = new DiffFormatter(out)) {
      formatter.format(new HistogramDiff().diff(RawTextComparator.DEFAULT, a, b), a, b);
      formatter.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "--- " + before + "\n+++ " + after + "\n" + out.toString(StandardCharsets.UTF_8);
  }
}

package io.dvault.cli.view;

import io.dvault.policy.PolicyCase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Outcomes of policy cases as JUnit XML: what GitHub, GitLab and Jenkins show beside a build. */
public final class JunitReport {
  private JunitReport() {}

  public static void write(Path file, List<PolicyCase.Result> results) {
    long failed = results.stream().filter(each -> !each.passed()).count();
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.append("<testsuite name=\"dvault policy test\" tests=\"")
        .append(results.size())
        .append("\" failures=\"")
        .append(failed)
        .append("\" errors=\"0\" skipped=\"0\">\n");
    for (PolicyCase.Result result : results) {
      xml.append("  <testcase classname=\"")
          .append(escaped(result.of().test()))
          .append("\" name=\"")
          .append(escaped(result.of().name()))
          .append("\" file=\"")
          .append(escaped(result.of().position().file()))
          .append('"')
          .append(result.passed() ? "/>\n" : ">\n" + failure(result) + "  </testcase>\n");
    }
    try {
      Files.writeString(file, xml.append("</testsuite>\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String failure(PolicyCase.Result result) {
    StringBuilder lines = new StringBuilder();
    result.missing().forEach(line -> lines.append("- ").append(line).append('\n'));
    result
        .surplus()
        .forEach((line, message) ->
            lines.append("+ ").append(line).append(": ").append(message).append('\n'));
    return "    <failure message=\"" + escaped(result.of().position().toString()) + "\">"
        + escaped(lines.toString()) + "</failure>\n";
  }

  /** Characters that XML 1.0 does not have at all become question marks. */
  private static String escaped(String text) {
    return text.replaceAll("[\\p{Cntrl}&&[^\n\t]]|[\\uFFFE\\uFFFF]|\\p{Cs}", "?")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}

package io.dvault.cli.view;

import io.dvault.model.Diagnostic;
import io.dvault.model.Quantities;
import io.dvault.plan.AuthorityTransition;
import io.dvault.plan.FieldChange;
import io.dvault.plan.Plan;
import io.dvault.policy.PolicyChange;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A plan as a comment under a pull request: the verdict first, counts, then every change folded away. All words out of
 * the repository stand inside code: there they are no markup, no link, no mention of anybody.
 */
public final class PlanMarkdown {
  private static final int NOTE = 400;
  private static final int MOST_DIAGNOSTICS = 10;
  private static final int MOST_ROWS = 30;

  private final PlanVerdict verdict;
  private final int most;
  private final StringBuilder text = new StringBuilder();
  private int size;
  private int left;

  /** @param most bytes that fit */
  public PlanMarkdown(PlanVerdict verdict, int most) {
    this.verdict = verdict;
    this.most = most;
  }

  /** @param full whether each change stands alone, however many there are */
  public String write(boolean full) {
    Plan plan = verdict.plan();
    String header = PlanView.header(plan.base(), verdict.planning().input().desired());
    String sign = verdict.refused() ? "❌ " : plan.isEmpty() ? "✅ " : "";
    add("### " + sign + verdict.line() + "\n\n" + code(header) + "\n\n");
    diagnostics("Refused", verdict.refusals());
    diagnostics("Warnings", verdict.warnings());
    verdict.planning().history().changes().forEach(this::policy);
    if (!plan.isEmpty()) {
      add(table(PlanCounts.of(plan)));
      if (verdict.planning().policy().rules() > 0) {
        add("Policy: " + verdict.planning().policy().summary() + "\n\n");
      }
      add(PlanView.cost(plan.estimate()) + "\n\n");
      plan.rules()
          .ifPresent(rules -> whole(fenced(
              "text",
              "rules that devices enforce\n"
                  + rules.fields().stream()
                      .map(field -> "    " + TerminalText.clean(field.name()) + "  "
                          + TerminalText.values(field) + "\n")
                      .collect(Collectors.joining()))));
      plan.head().ifPresent(head -> add("Head to renew: " + head.why() + ".\n\n"));
      plan.authorities().forEach(authority -> whole(code(authority(authority)) + "\n\n"));
      List<PlanBlock> grouped = full ? List.of() : PlanBlock.grouped(plan);
      Function<String, Stream<PlanBlock>> blocks = symbol -> full
          ? PlanBlock.each(plan, symbol)
          : grouped.stream().filter(block -> block.symbol().equals(symbol));
      section("−", "to revoke", plan.revocations(), blocks.apply("-"));
      section("±", "to rotate", plan.rotations(), blocks.apply("±"));
      section("+", "to issue", plan.issues(), blocks.apply("+"));
    }
    plan.moved().stream()
        .map(moved -> moved.to().secret() + " moved from " + moved.from().secret())
        .distinct()
        .forEach(moved -> whole(code(moved + ", nothing is issued") + "\n\n"));
    if (left > 0) {
      add("**" + Quantities.count(left, "change") + " cut to fit " + Quantities.number(most)
          + " bytes:** `dvault plan -full` shows all.\n");
    }
    return text.toString();
  }

  /** The rules that a plan is held against come before what it does; that they changed is never cut. */
  private void policy(PolicyChange change) {
    add("**Trust policy** " + code(change.policy()) + " "
        + verdict.planning().history().words(change) + ".\n\n");
    int before = size;
    whole(fenced(
        "text",
        change.fields().stream()
            .map(field -> "    " + TerminalText.clean(field.name()) + "  "
                + TerminalText.values(field) + "\n")
            .collect(Collectors.joining())));
    if (size == before) {
      add("What changed does not fit here: `dvault plan` shows it.\n\n");
    }
  }

  private void section(String symbol, String words, int changes, Stream<PlanBlock> blocks) {
    String opening = "<details><summary>" + symbol + " " + Quantities.number(changes) + " " + words
        + "</summary>\n\n";
    String closing = "</details>\n\n";
    StringBuilder fitting = new StringBuilder();
    int room = most - NOTE - size - bytes(opening) - bytes(closing) - bytes(fenced("diff", ""));
    for (PlanBlock block : (Iterable<PlanBlock>) blocks::iterator) {
      String written = block(block);
      if (left == 0 && bytes(written) <= room) {
        fitting.append(written);
        room -= bytes(written);
      } else {
        left +=
            block.changes(); // once something is cut, all that follows is: nobody takes a gap for
        // the whole
      }
    }
    if (!fitting.isEmpty()) {
      add(opening + fenced("diff", fitting.toString().stripTrailing() + "\n") + closing);
    }
  }

  private static String block(PlanBlock block) {
    int width =
        block.fields().stream().mapToInt(field -> field.name().length()).max().orElse(0);
    StringBuilder lines = new StringBuilder();
    lines
        .append(block.symbol().equals("±") ? "!" : block.symbol())
        .append(' ')
        .append(TerminalText.clean(block.label()))
        .append("   ")
        .append(TerminalText.clean(block.reason()))
        .append('\n');
    for (FieldChange field : block.fields()) {
      String name = TerminalText.clean(field.name());
      lines
          .append("    ")
          .append(name)
          .append(" ".repeat(Math.max(1, width + 1 - name.length())))
          .append(TerminalText.values(field))
          .append('\n');
    }
    return lines.append('\n').toString();
  }

  private void diagnostics(String title, List<Diagnostic> diagnostics) {
    if (diagnostics.isEmpty()) {
      return;
    }
    String lines = diagnostics.stream()
        .limit(MOST_DIAGNOSTICS)
        .map(PlanMarkdown::diagnostic)
        .collect(Collectors.joining());
    String more = diagnostics.size() <= MOST_DIAGNOSTICS
        ? ""
        : "and " + (diagnostics.size() - MOST_DIAGNOSTICS) + " more\n";
    whole("**" + title + "**\n\n" + fenced("text", lines + more));
  }

  private static String diagnostic(Diagnostic diagnostic) {
    String where = diagnostic
        .position()
        .map(position -> "  " + TerminalText.clean(position.toString()) + "\n")
        .orElse("");
    return TerminalText.clean(diagnostic.summary()) + " [" + diagnostic.code() + "]\n" + where
        + diagnostic.detail().stream()
            .map(line -> "  " + TerminalText.clean(line) + "\n")
            .collect(Collectors.joining());
  }

  private static String table(List<PlanCounts.Row> rows) {
    StringBuilder table =
        new StringBuilder("| kind | reason | issue | rotate | revoke |\n|---|---|--:|--:|--:|\n");
    rows.stream()
        .limit(MOST_ROWS)
        .forEach(row -> table
            .append("| ")
            .append(code(row.kind()))
            .append(" | ")
            .append(row.reason())
            .append(" | ")
            .append(Quantities.number(row.issue()))
            .append(" | ")
            .append(Quantities.number(row.rotate()))
            .append(" | ")
            .append(Quantities.number(row.revoke()))
            .append(" |\n"));
    if (rows.size() > MOST_ROWS) {
      table.append("| … | ").append(rows.size() - MOST_ROWS).append(" more rows | | | |\n");
    }
    return table.append('\n').toString();
  }

  private static String authority(AuthorityTransition change) {
    return "authority " + change.name().orElseGet(() -> "0x" + change.id()) + ", generation "
        + change.generation() + ": " + PlanView.word(change.to());
  }

  /** A line of code: nothing in it is markup. The fence is longer than any run of backticks inside (CommonMark 6.1). */
  private static String code(String text) {
    String clean = TerminalText.clean(text);
    String fence = "`".repeat(longestRun(clean) + 1);
    String pad = clean.startsWith("`") || clean.endsWith("`") ? " " : "";
    return fence + pad + clean.replace("|", "\\|") + pad + fence;
  }

  private static String fenced(String language, String lines) {
    String fence = "`".repeat(Math.max(3, longestRun(lines) + 1));
    return fence + language + "\n" + lines + fence + "\n\n";
  }

  private static int longestRun(String text) {
    int longest = 0;
    int run = 0;
    for (int i = 0; i < text.length(); i++) {
      run = text.charAt(i) == '`' ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    return longest;
  }

  /** Adds {@code part} if it fits. */
  private void whole(String part) {
    if (size + bytes(part) <= most - NOTE) {
      add(part);
    }
  }

  private void add(String part) {
    text.append(part);
    size += bytes(part);
  }

  private static int bytes(String part) {
    return part.getBytes(StandardCharsets.UTF_8).length;
  }
}

package io.dvault.agent;

import io.dvault.agent.Status.Line;
import io.dvault.agent.Status.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The status as a person reads it: docs/screens.md, "agent". */
final class StatusScreen {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm'Z'").withZone(ZoneOffset.UTC);
  private static final Duration SOON = Duration.ofHours(1);
  private static final Duration LATE = Duration.ofMinutes(2);

  private final Status status;
  private final Instant now;

  StatusScreen(Status status, Instant now) {
    this.status = status;
    this.now = now;
  }

  boolean needsPerson() {
    return !status.troubles().isEmpty() || hasStopped();
  }

  private boolean hasStopped() {
    return status.nextLook().filter(next -> next.plus(LATE).isBefore(now)).isPresent();
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    String fresh = status.epoch() == 0
        ? "nothing committed yet"
        : now.isBefore(status.freshUntil())
            ? "head fresh for " + words(Duration.between(now, status.freshUntil()))
            : "head stale since " + MINUTE.format(status.freshUntil());
    lines.add(status.device() + " · vault " + status.vault() + " · epoch " + status.epoch()
        + ", looked " + words(Duration.between(status.at(), now)) + " ago · " + fresh);
    lines.add("");
    List<Trouble> others = new ArrayList<>(status.troubles());
    int width = status.lines().stream()
        .mapToInt(line -> secret(line.address()).length())
        .max()
        .orElse(0);
    for (Line line : status.lines()) {
      Optional<Trouble> trouble =
          others.stream().filter(each -> each.subject().equals(line.address())).findFirst();
      trouble.ifPresent(others::remove);
      String state = trouble.isPresent() ? "stopped" : now.isBefore(line.until()) ? "ok" : "ended";
      String detail = trouble.map(Trouble::why).orElseGet(() -> until(line));
      lines.add(("  %-" + Math.max(1, width) + "s   %-8s  %s")
          .formatted(secret(line.address()), state, detail));
    }
    others.forEach(
        each -> lines.add("  " + each.code() + " " + secret(each.subject()) + ": " + each.why()));
    if (status.lines().isEmpty() && others.isEmpty()) {
      lines.add("  no entries");
    }
    lines.add("");
    String next = status
        .nextLook()
        .map(at -> hasStopped()
            ? "the agent has stopped looking"
            : "next look in " + words(at.isAfter(now) ? Duration.between(now, at) : Duration.ZERO))
        .orElse("no agent runs");
    lines.add("rpc " + status.network().rpcGood() + " of " + status.network().rpcAll()
        + " agree · gateways " + status.network().gatewaysGood() + " of "
        + status.network().gatewaysAll() + " · " + next);
    lines.add(verdict());
    return lines;
  }

  private String verdict() {
    if (!needsPerson()) {
      return "No problems.";
    }
    int count = status.troubles().size();
    return count == 0
        ? "The agent is not running. Check: systemctl status dvault-agent"
        : (count == 1 ? "1 problem needs" : count + " problems need")
            + " attention. See: journalctl -u dvault-agent -e";
  }

  private String until(Line line) {
    Duration left = Duration.between(now, line.until());
    return left.compareTo(SOON) < 0 && !left.isNegative()
        ? words(left) + " left"
        : "until " + MINUTE.format(line.until());
  }

  /** {@code Kind/name}: the device is this one. */
  private static String secret(String address) {
    int at = address.lastIndexOf('@');
    return at > 0 ? address.substring(0, at) : address;
  }

  static String words(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return seconds / 60 + "m " + seconds % 60 + "s";
    }
    return seconds < 86_400
        ? seconds / 3600 + "h " + seconds % 3600 / 60 + "m"
        : seconds / 86_400 + "d";
  }
}

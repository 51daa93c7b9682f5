package io.dvault.log;

import java.io.PrintStream;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes {@code time=… level=… event=… key=value …} lines. An alarm that stands is told once, and again when its words
 * change: a poll a second must not fill the device's disk. Thread-safe.
 */
public final class StructuredLog {
  private static final int MAX_VALUE = 400;
  private static final int MAX_STANDING = 1_000;

  private final PrintStream out;
  private final Clock clock;
  private final ConcurrentHashMap<String, String> standing = new ConcurrentHashMap<>();

  public StructuredLog(PrintStream out, Clock clock) {
    this.out = out;
    this.clock = clock;
  }

  /** @param pairs key, value, key, value, …; the values' {@code toString} must not be secret */
  public void info(String event, Object... pairs) {
    line("info", event, pairs);
  }

  /** Something that a person should look at; {@code code} is in {@code docs/diagnostics.md}. */
  public void alarm(String code, String subject, String why) {
    String key = code + " " + subject;
    if (standing.size() > MAX_STANDING) {
      standing.clear();
    }
    if (!why.equals(standing.put(key, why))) {
      line("alarm", code, "subject", subject, "why", why);
    }
  }

  /** Forgets alarms that are over, so that they are told anew when they come back. */
  public void settled(String code, String subject) {
    if (standing.remove(code + " " + subject) != null) {
      line("info", "settled", "code", code, "subject", subject);
    }
  }

  private void line(String level, String event, Object... pairs) {
    StringBuilder text = new StringBuilder(160);
    text.append("time=").append(clock.instant().truncatedTo(ChronoUnit.MILLIS));
    text.append(" level=").append(level).append(" event=").append(event);
    for (int i = 0; i + 1 < pairs.length; i += 2) {
      text.append(' ').append(pairs[i]).append('=').append(quoted(String.valueOf(pairs[i + 1])));
    }
    out.println(text);
  }

  private static String quoted(String value) {
    String cut = value.length() > MAX_VALUE ? value.substring(0, MAX_VALUE) + "…" : value;
    if (cut.matches("[A-Za-z0-9._:/@…+-]+")) {
      return cut;
    }
    StringBuilder text = new StringBuilder("\"");
    cut.codePoints().forEach(c -> {
      if (c == '"' || c == '\\') {
        text.append('\\').appendCodePoint(c);
      } else if (c < 0x20 || c == 0x7f) {
        text.append(' ');
      } else {
        text.appendCodePoint(c);
      }
    });
    return text.append('"').toString();
  }
}

package io.dvault.model;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 30s}, {@code 5m}, {@code 12h}, {@code 7d}, {@code 4w}, {@code 1h30m}. */
public final class Durations {
  /** The form as a regular expression, for JSON Schemas: units from large to small, each once. */
  public static final String PATTERN =
      "(?=.)([0-9]{1,6}w)?([0-9]{1,6}d)?([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?";

  private static final Pattern FORM = Pattern.compile(PATTERN);
  private static final long[] SECONDS = {604_800, 86_400, 3_600, 60, 1};
  private static final String UNITS = "wdhms";

  private Durations() {}

  /** Empty when {@code text} is no duration. */
  public static Optional<Duration> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long total = 0;
    for (int unit = 0; unit < SECONDS.length; unit++) {
      String part = matcher.group(unit + 1);
      total +=
          part == null ? 0 : Long.parseLong(part.substring(0, part.length() - 1)) * SECONDS[unit];
    }
    return Optional.of(Duration.ofSeconds(total));
  }

  /** The two largest units that are not zero, {@code 1d 22h}, {@code 5m}, {@code 0s}; what is below is cut off. */
  public static String format(Duration duration) {
    return write(duration, 2, " ");
  }

  /** All units, without weeks, as YAML takes it back: {@code 1d2h30m}. */
  public static String exact(Duration duration) {
    return write(duration, SECONDS.length, "");
  }

  private static String write(Duration duration, int most, String separator) {
    long left = duration.abs().toSeconds();
    StringBuilder text = new StringBuilder();
    int shown = 0;
    for (int unit = 1; unit < SECONDS.length && shown < most; unit++) {
      long amount = left / SECONDS[unit];
      left %= SECONDS[unit];
      if (amount > 0) {
        text.append(shown == 0 ? "" : separator).append(amount).append(UNITS.charAt(unit));
      }
      shown += amount > 0 || shown > 0 ? 1 : 0;
    }
    return text.isEmpty() ? "0s" : text.toString();
  }
}

package io.dvault.plan;

import io.dvault.desired.Glob;
import io.dvault.model.EntryAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which entries an option means: {@code Kind/name@device}, {@code Kind/name} on all devices, {@code Kind}, or a
 * device's name; {@code *} and {@code ?} stand for any run of characters and for one.
 */
public record AddressPattern(String text, String kind, String name, String device) {
  private static final Pattern FORM =
      Pattern.compile("(?:([A-Za-z0-9*?]+)/([a-z0-9._*?-]+))?(?:@([a-z0-9._*?-]+))?");
  private static final Pattern KIND = Pattern.compile("[A-Z][A-Za-z0-9*?]*");
  private static final Pattern DEVICE = Pattern.compile("[a-z0-9*?][a-z0-9._*?-]*");

  /** Empty for what can be no address. */
  public static Optional<AddressPattern> parse(String text) {
    if (KIND.matcher(text).matches()) {
      return Optional.of(new AddressPattern(text, text, "*", "*"));
    }
    if (DEVICE.matcher(text).matches()) {
      return Optional.of(new AddressPattern(text, "*", "*", text));
    }
    Matcher form = FORM.matcher(text);
    if (text.isEmpty() || !form.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new AddressPattern(text, or(form.group(1)), or(form.group(2)), or(form.group(3))));
  }

  private static String or(String part) {
    return part == null ? "*" : part;
  }

  public boolean matches(EntryAddress address) {
    return Glob.matches(device, address.device())
        && Glob.matches(name, address.name())
        && Glob.matches(kind, address.kind());
  }

  @Override
  public String toString() {
    return text;
  }
}

package io.dvault.importer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One line of {@code authorized_keys}, a {@code .pub} file or {@code known_hosts}. Source: sshd(8).
 *
 * @param before what stands before the key: options, or the host names of {@code known_hosts}
 * @param key type and base64
 */
record KeyLine(List<String> before, String key, String comment) {
  private static final Pattern TYPE =
      Pattern.compile("(sk-)?(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521))(@openssh\\.com)?");
  private static final Pattern BLOB = Pattern.compile("AAAA[A-Za-z0-9+/]+={0,2}");

  KeyLine {
    before = List.copyOf(before);
  }

  /** Whether there is nothing to adopt on it. */
  static boolean isEmpty(String line) {
    return line.isBlank() || line.strip().startsWith("#");
  }

  /** Empty when it is no such line. */
  static Optional<KeyLine> parse(String line) {
    String text = line.strip();
    List<String> before = List.of();
    if (!TYPE.matcher(firstWord(text)).matches()) {
      int end = endOfOptions(text);
      before = options(text.substring(0, end));
      text = text.substring(end).strip();
    }
    String[] words = text.split("[ \t]+", 3);
    boolean key = words.length > 1
        && TYPE.matcher(words[0]).matches()
        && BLOB.matcher(words[1]).matches();
    return key
        ? Optional.of(new KeyLine(
            before, words[0] + " " + words[1], words.length > 2 ? words[2].strip() : ""))
        : Optional.empty();
  }

  String type() {
    return firstWord(key);
  }

  private static String firstWord(String text) {
    return text.split("[ \t]", 2)[0];
  }

  /** The first blank outside of quotes. */
  private static int endOfOptions(String text) {
    boolean quoted = false;
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '\\' && quoted) {
        at++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == ' ' || c == '\t')) {
        return at;
      }
    }
    return text.length();
  }

  /** Split at the commas outside of quotes. */
  private static List<String> options(String text) {
    List<String> options = new ArrayList<>();
    boolean quoted = false;
    int start = 0;
    for (int at = 0; at <= text.length(); at++) {
      char c = at < text.length() ? text.charAt(at) : ',';
      if (c == '\\' && quoted) {
        at++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted || at >= text.length()) {
        options.add(text.substring(start, Math.min(at, text.length())));
        start = at + 1;
      }
    }
    return options;
  }
}

package io.dvault.plugin.ssh;

import io.dvault.yaml.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What may stand in the texts that sshd parses. Principals, accounts and options are whitelisted, because a comma, a
 * quote or a line end in one of them would be read as more than one. docs/threat-model.md T26.
 */
final class SshAlphabet {
  private static final int LONGEST_PRINCIPAL = 255;
  private static final Pattern ACCOUNT = Pattern.compile("[a-z_][a-z0-9_-]{0,31}");
  private static final Pattern COMMAND = Pattern.compile("[A-Za-z0-9 /._=:@+-]{1,1024}");
  private static final Set<String> FLAGS = Set.of(
      "restrict",
      "pty",
      "no-pty",
      "port-forwarding",
      "no-port-forwarding",
      "agent-forwarding",
      "no-agent-forwarding",
      "X11-forwarding",
      "no-X11-forwarding",
      "user-rc",
      "no-user-rc");
  static final List<String> EXTENSIONS = List.of(
      "permit-X11-forwarding",
      "permit-agent-forwarding",
      "permit-port-forwarding",
      "permit-pty",
      "permit-user-rc");

  private SshAlphabet() {}

  /**
   * A letter, digit or {@code _}, then up to 254 of these and of {@code . @ + -}; no pattern, for
   * each device is asked.
   */
  static boolean isPrincipal(String text) {
    boolean principal =
        !text.isEmpty() && text.length() <= LONGEST_PRINCIPAL && isWord(text.charAt(0));
    for (int i = 1; principal && i < text.length(); i++) {
      char c = text.charAt(i);
      principal = isWord(c) || c == '.' || c == '@' || c == '+' || c == '-';
    }
    return principal;
  }

  private static boolean isWord(char c) {
    return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c == '_';
  }

  static boolean isAccount(String text) {
    return ACCOUNT.matcher(text).matches();
  }

  /** Reads the account of {@code key}, with a finding when it is none. */
  static String account(Fields fields, String key) {
    String account = fields.requireString(key);
    if (!account.isEmpty() && !isAccount(account)) {
      fields.error(
          key,
          "DV132",
          "not an account name",
          "\"" + account
              + "\": an account has lower-case letters, digits, - and _, and starts with a letter.");
    }
    return account;
  }

  /** Addresses or CIDR blocks for source-address and from=. */
  static List<String> sourceAddresses(Fields fields, String key) {
    List<String> addresses = fields.strings(key);
    for (String address : addresses) {
      AddressBlock.fault(address)
          .ifPresent(fault -> fields.error(key, "DV133", "not an address", fault));
    }
    return addresses;
  }

  /** A command for force-command or command=; no quoting, no variables, no line ends. */
  static String command(Fields fields, String key) {
    String command = fields.findString(key).orElse("");
    if (!command.isEmpty() && !COMMAND.matcher(command).matches()) {
      fields.error(
          key,
          "DV134",
          "not a plain command",
          "Only letters, digits, spaces and / . _ = : @ + - are taken: put the rest into a script on the device.");
    }
    return command;
  }

  /** The options of an authorized_keys line, joined, out of the whitelist. */
  static String lineOptions(Fields fields) {
    List<String> options = new ArrayList<>(
        fields.has("options") ? fields.strings("options") : List.of("restrict", "pty"));
    for (String option : options) {
      if (!FLAGS.contains(option)) {
        fields.error(
            "options",
            "DV135",
            "unknown option \"" + option + "\"",
            "Known: " + String.join(", ", FLAGS.stream().sorted().toList()) + ".");
      }
    }
    List<String> from = sourceAddresses(fields, "sourceAddress");
    if (!from.isEmpty()) {
      options.add("from=\"" + String.join(",", from) + "\"");
    }
    String command = command(fields, "forceCommand");
    if (!command.isEmpty()) {
      options.add("command=\"" + command + "\"");
    }
    return String.join(",", options);
  }

  /** Whether {@code options}, as a device got them, could have come from {@link #lineOptions}. */
  static boolean isLineOptions(String options) {
    return options.isEmpty()
        || options.matches(
                "(?:[A-Za-z0-9-]+|(?:from|command)=\"[A-Za-z0-9 "
                    + "/._=:@+,-]*\")(?:,(?:[A-Za-z0-9-]+|(?:from|command)=\"[A-Za-z0-9 /._=:@+,-]*\"))*")
            && Pattern.compile("\"[^\"]*\"")
                .matcher(options)
                .replaceAll("")
                .lines()
                .flatMap(line -> java.util.Arrays.stream(line.split(",")))
                .allMatch(word ->
                    FLAGS.contains(word) || word.equals("from=") || word.equals("command="));
  }
}

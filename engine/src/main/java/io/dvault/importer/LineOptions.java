package io.dvault.importer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The options of a line as a {@code Grant} has them.
 *
 * @param flags {@code restrict}, {@code no-pty}, …
 * @param addresses of {@code from=}
 * @param command of {@code command=}, or empty
 */
record LineOptions(List<String> flags, List<String> addresses, String command) {
  private static final Map<String, String> FLAGS = flagsByLowerCase();
  private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F:.]{2,45}(/[0-9]{1,3})?");
  private static final Pattern COMMAND = Pattern.compile("[A-Za-z0-9 /._=:@+-]{1,1024}");

  private static Map<String, String> flagsByLowerCase() {
    Map<String, String> flags = new TreeMap<>();
    Stream.of(
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
            "no-user-rc")
        .forEach(flag -> flags.put(flag.toLowerCase(Locale.ROOT), flag));
    return flags;
  }

  /** What stops it from being one: an option that a Grant does not have, whose loss would let the key do more. */
  static final class Inexpressible extends Exception {
    private static final long serialVersionUID = 1L;

    Inexpressible(String reason) {
      super(reason);
    }
  }

  static LineOptions of(List<String> options) throws Inexpressible {
    List<String> flags = new ArrayList<>();
    List<String> addresses = new ArrayList<>();
    String command = "";
    for (String option : options) {
      String name = option.split("=", 2)[0].toLowerCase(Locale.ROOT);
      Optional<String> value =
          option.contains("=") ? Optional.of(unquoted(option.split("=", 2)[1])) : Optional.empty();
      if (value.isEmpty() && FLAGS.containsKey(name)) {
        flags.add(FLAGS.get(name));
      } else if (name.equals("from") && value.isPresent()) {
        for (String address : value.get().split(",")) {
          require(
              ADDRESS.matcher(address).matches(),
              "from=\"" + address + "\" is no address: host names, patterns"
                  + " and exceptions have no place in sourceAddress.");
          addresses.add(address);
        }
      } else if (name.equals("command") && value.isPresent()) {
        require(
            COMMAND.matcher(value.get()).matches(),
            "its command has quotes or other signs: put it into a script on the device.");
        command = value.get();
      } else {
        throw new Inexpressible("the option " + name + " has no place in a Grant.");
      }
    }
    return new LineOptions(flags, addresses, command);
  }

  private static void require(boolean holds, String reason) throws Inexpressible {
    if (!holds) {
      throw new Inexpressible(reason);
    }
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1).replace("\\\"", "\"") : value;
  }
}

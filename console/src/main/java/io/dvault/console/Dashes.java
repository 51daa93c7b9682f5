package io.dvault.console;

import java.util.ArrayList;
import java.util.List;

/** {@code -auto-approve} is {@code --auto-approve}: people come from Terraform as well as from everywhere else. */
public final class Dashes {
  private Dashes() {}

  /** All words with two dashes before long options, up to a {@code --}; a list of its own. */
  public static List<String> normalized(List<String> given) {
    List<String> rest = new ArrayList<>();
    boolean options = true;
    for (String argument : given) {
      options = options && !argument.equals("--");
      rest.add(options ? doubled(argument) : argument);
    }
    return rest;
  }

  /** {@code -json} to {@code --json}; {@code -h}, {@code -1} and plain words stay. */
  public static String doubled(String argument) {
    boolean longOption = argument.length() > 2
        && argument.charAt(0) == '-'
        && isLetter(argument.charAt(1))
        && (isLetter(argument.charAt(2)) || argument.charAt(2) == '-');
    return longOption ? "-" + argument : argument;
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z';
  }
}

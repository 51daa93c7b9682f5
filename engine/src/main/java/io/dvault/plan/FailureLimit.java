package io.dvault.plan;

/**
 * How many devices may fail before a rollout stops.
 *
 * @param percent whether {@code most} is a share of the devices that were asked for so far
 */
public record FailureLimit(int most, boolean percent) {
  public static final FailureLimit NONE = new FailureLimit(0, false);

  /** Reads {@code 2} or {@code 5%}; throws IllegalArgumentException, with words for people. */
  public static FailureLimit parse(String text) {
    boolean percent = text.endsWith("%");
    String number = percent ? text.substring(0, text.length() - 1) : text;
    if (!number.matches("[0-9]{1,7}") || percent && Integer.parseInt(number) > 100) {
      throw new IllegalArgumentException(
          "A number of devices, or a share of those asked for so far: 2, 5%.");
    }
    return new FailureLimit(Integer.parseInt(number), percent);
  }

  /** @param devices all that were asked for so far, those that failed among them */
  public boolean isOver(int failed, int devices) {
    return percent ? failed * 100L > (long) most * devices : failed > most;
  }
}

package io.dvault.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * How the devices of a plan are cut into waves: each size counts from the start, so {@code
 * 1,10%,100%} is one device, then
 * up to a tenth of them, then all. Shares are rounded up.
 */
public record Waves(List<Size> sizes) {
  /** All at once. */
  public static final Waves ONE = new Waves(List.of(new Size.Share(100)));

  private static final int MOST = 100;

  /** Up to how many devices. */
  public sealed interface Size {
    int of(int devices);

    record Count(int number) implements Size {
      @Override
      public int of(int devices) {
        return Math.min(number, devices);
      }
    }

    record Share(int percent) implements Size {
      @Override
      public int of(int devices) {
        return (int) ((devices * (long) percent + 99) / 100);
      }
    }
  }

  public Waves {
    sizes = List.copyOf(sizes);
  }

  /** Reads {@code 1,10%,100%}; throws IllegalArgumentException, with words for people, unless the last one is all. */
  public static Waves parse(String text) {
    List<Size> sizes = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      sizes.add(size(part.strip()));
    }
    if (sizes.size() > MOST) {
      throw new IllegalArgumentException("At most " + MOST + " waves.");
    }
    if (!sizes.getLast().equals(new Size.Share(100))) {
      throw new IllegalArgumentException("The last wave is 100%: all devices of the plan.");
    }
    return new Waves(sizes);
  }

  private static Size size(String text) {
    boolean share = text.endsWith("%");
    String number = share ? text.substring(0, text.length() - 1) : text;
    if (!number.matches("[1-9][0-9]{0,6}") || share && Integer.parseInt(number) > 100) {
      throw new IllegalArgumentException(
          "Each wave is a number of devices or a share of them, counted from the start: 1,10%,100%.");
    }
    return share
        ? new Size.Share(Integer.parseInt(number))
        : new Size.Count(Integer.parseInt(number));
  }

  /** The devices of each wave, in their order; a size that adds none is no wave. */
  public <T> List<List<T>> cut(List<T> devices) {
    List<List<T>> waves = new ArrayList<>();
    int done = 0;
    for (Size size : sizes) {
      int until = size.of(devices.size());
      if (until > done) {
        waves.add(List.copyOf(devices.subList(done, until)));
        done = until;
      }
    }
    return List.copyOf(waves);
  }
}

package io.dvault.apply;

import io.dvault.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a commit did: entries issued, rotated and revoked, authority generations changed. All zero: it renewed the head.
 *
 * @param rules whether what devices enforce changed
 */
public record ChangeCounts(int issued, int rotated, int revoked, int authorities, boolean rules) {

  public static final ChangeCounts NOTHING = new ChangeCounts(0, 0, 0, 0, false);

  static ChangeCounts of(Plan plan) {
    return new ChangeCounts(
        plan.issues(),
        plan.rotations(),
        plan.revocations(),
        plan.authorities().size(),
        plan.rules().isPresent());
  }

  public ChangeCounts plus(ChangeCounts more) {
    return new ChangeCounts(
        issued + more.issued,
        rotated + more.rotated,
        revoked + more.revoked,
        authorities + more.authorities,
        rules || more.rules);
  }

  /** {@code 1 issued, 1 rotated, 1 authority changed}; only what is not zero, {@code head renewed} when all are. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    add(parts, issued, "issued");
    add(parts, rotated, "rotated");
    add(parts, revoked, "revoked");
    add(parts, authorities, authorities == 1 ? "authority changed" : "authorities changed");
    if (rules) {
      parts.add("rules of the devices changed");
    }
    return parts.isEmpty() ? "head renewed" : String.join(", ", parts);
  }

  private static void add(List<String> parts, int number, String word) {
    if (number > 0) {
      parts.add(String.format(Locale.ROOT, "%,d %s", number, word));
    }
  }
}

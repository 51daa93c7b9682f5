package io.dvault.policy;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What rules are asked about, by the names of {@link Vocabulary}.
 *
 * @param changes those of {@code plan.changes}
 * @param kept entries that stay and have to meet new rules of the devices, in the form of changes
 */
record Facts(
    Map<String, Object> plan,
    Map<String, Object> vault,
    Instant now,
    List<Map<String, Object>> changes,
    List<Map<String, Object>> kept) {

  /** A change for people: its address, or its kind when nobody here can name it. */
  static String label(Map<String, Object> change) {
    String address = (String) change.get("address");
    return address.isEmpty() ? "a " + change.get("kind") + " without a name" : address;
  }
}

package io.dvault.converge;

import io.dvault.disk.RefusedException;
import io.dvault.model.Durations;
import io.dvault.registry.DeviceRules;
import io.dvault.registry.EntryRecord;
import io.dvault.spi.Installation;
import io.dvault.spi.Installation.AuthorizedKey;
import io.dvault.spi.Installation.PlacedFile;
import java.time.Duration;
import java.util.TreeSet;

/**
 * Holds what is about to be installed against the rules of the followed root, whoever approved it. What is installed
 * already stays until its end: new rules bound what comes.
 */
final class RuleCheck {
  private static final String CODE = "DV546";

  private RuleCheck() {}

  /** What shows before anything is fetched. */
  static void require(EntryRecord record, DeviceRules rules) throws RefusedException {
    if (!rules.takesKind(record.kind())) {
      throw new RefusedException(CODE, "the vault's rules let devices take no " + record.kind());
    }
    Duration life = record.validity().length().minus(DeviceRules.BACKDATED);
    if (!rules.takesLife(record.kind(), life)) {
      throw new RefusedException(
          CODE,
          "it lives " + Durations.format(life) + "; the vault's rules let a " + record.kind()
              + " live " + Durations.format(rules.longestTtl().get(record.kind())) + " at most");
    }
  }

  /** What shows when it is open. */
  static void require(Installation installation, DeviceRules rules) throws RefusedException {
    for (PlacedFile file : installation.files()) {
      if (!rules.takesFile(file.path())) {
        throw new RefusedException(CODE, file.path() + " is in no folder of the vault's rules");
      }
    }
    TreeSet<String> types = new TreeSet<>(installation.keyTypes());
    for (AuthorizedKey key : installation.authorizedKeys()) {
      types.add(key.key().split(" ", 2)[0]);
    }
    for (String type : types) {
      if (!rules.takesKeyType(type)) {
        throw new RefusedException(
            CODE, "the vault's rules let devices take no key of type " + type);
      }
    }
  }
}

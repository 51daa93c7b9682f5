package io.dvault.converge;

import io.dvault.install.InstalledEntry;
import io.dvault.model.EntryId;
import io.dvault.registry.EntryRecord;

/** One difference, or none, between what the vault wants on this device and what is there. */
public sealed interface Step {
  EntryId entry();

  /** Listed and not held. */
  record Install(EntryId entry, EntryRecord record) implements Step {}

  /** Held, and listed with another generation, or damaged. */
  record Replace(InstalledEntry held, EntryRecord record) implements Step {
    @Override
    public EntryId entry() {
      return held.entry();
    }
  }

  record Remove(InstalledEntry held, Reason reason) implements Step {
    @Override
    public EntryId entry() {
      return held.entry();
    }
  }

  /** @param ended whether its validity is over and it stays, with an alarm: host keys and trust anchors */
  record Keep(InstalledEntry held, boolean ended) implements Step {
    @Override
    public EntryId entry() {
      return held.entry();
    }
  }

  /** Why something goes; urgent ones go before anything is fetched, the others after what is new has come. */
  enum Reason {
    GUARDIAN("revoked by a guardian", true),
    REVOKED("revoked", true),
    ENDED("ended", true),
    BOUNDS("no longer within agent.yaml", true),
    NOT_LISTED("not listed any more", false);

    private final String words;
    private final boolean urgent;

    Reason(String words, boolean urgent) {
      this.words = words;
      this.urgent = urgent;
    }

    public String words() {
      return words;
    }

    public boolean urgent() {
      return urgent;
    }
  }
}

package io.dvault.converge;

import io.dvault.disk.DurableFiles;
import io.dvault.disk.Layout;
import io.dvault.install.InstalledEntry;
import io.dvault.log.StructuredLog;
import io.dvault.model.DeviceId;
import io.dvault.model.RevocationId;
import io.dvault.registry.DeviceEntry;
import io.dvault.registry.Registry;
import io.dvault.trust.TrustState;
import io.dvault.trust.TrustStore;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the device knows of its vault, in memory and on disk: whom to believe, what the followed tree lists for it, and
 * which authorities commits told of. Guarded by who holds it.
 */
final class VaultState {
  /** The floor of time is written when it has moved by this many seconds, not each time: flash wears out. */
  static final long FLOOR_STEP = 60;

  private final Layout layout;
  private final DurableFiles files;
  private final TrustStore store;
  private final DeviceId own;
  private final StructuredLog log;
  private TrustState state;
  private Optional<Listing> listing;
  private Optional<AnnouncedAuthorities> told;

  VaultState(Layout layout, DurableFiles files, TrustStore store, DeviceId own, StructuredLog log)
      throws IOException {
    this.layout = layout;
    this.files = files;
    this.store = store;
    this.own = own;
    this.log = log;
    this.state = store.read();
    this.listing = Listing.find(layout.desired());
    Optional<AnnouncedAuthorities> kept = AnnouncedAuthorities.find(layout.authorities());
    this.told = kept.isEmpty() && state.epoch() == 0
        ? Optional.of(AnnouncedAuthorities.ofEmptyVault())
        : kept;
  }

  TrustState state() {
    return state;
  }

  /** What the followed root lists for us; empty when that was not read yet. */
  Optional<DeviceEntry> listed() {
    return listing.filter(known -> known.root().equals(state.root())).map(Listing::device);
  }

  /** Ids by which a guardian may have revoked something that we have or are about to get. */
  Set<RevocationId> relevant(Collection<InstalledEntry> held) {
    Set<RevocationId> ids = new HashSet<>();
    held.forEach(each -> ids.add(RevocationId.of(each.entry(), each.generation())));
    listing.ifPresent(known -> known
        .device()
        .entries()
        .forEach((entry, record) -> ids.add(RevocationId.of(entry, record.generation()))));
    return ids;
  }

  /** @param now the device's time, which moves the floor */
  void follow(HeadFollower.Followed followed, Instant now) throws IOException {
    TrustState next = followed.next().notBefore(now.minusSeconds(FLOOR_STEP));
    hear(followed);
    // The newest head touched only other devices: what the last one listed for us still holds.
    // schemas/spec/hashmap.md, "Changed slots".
    Optional<DeviceEntry> stays = followed.leavesAlone(own) ? listed() : Optional.empty();
    store(next); // trust first: a listing of a root that was not followed must not exist
    if (stays.isPresent()) {
      keep(new Listing(next.root(), stays.get()));
    }
  }

  /** What {@code registry}, the followed tree, lists for us. */
  void list(Registry registry) throws IOException {
    keep(new Listing(
        state.root(), registry.findDevice(own).orElseGet(() -> DeviceEntry.of(own, Map.of()))));
  }

  private void keep(Listing next) throws IOException {
    next.write(layout.desired(), files);
    listing = Optional.of(next);
  }

  /** Before the head is followed, so that a crash in between loses nothing of what was told. */
  private void hear(HeadFollower.Followed followed) throws IOException {
    if (!followed.next().root().equals(state.root())) {
      told = told.flatMap(known -> known.after(followed.path()));
      if (told.isPresent()) {
        told.get().write(layout.authorities(), files);
      }
    }
  }

  /**
   * docs/threat-model.md T36: an authority that the followed tree holds and no commit told of; else
   * all of them are remembered.
   */
  Optional<String> findUntold(Registry registry) throws IOException {
    Optional<String> untold = told.filter(known -> known.root().equals(state.root()))
        .flatMap(known -> known.untold(registry.authorities()));
    if (untold.isEmpty()) {
      AnnouncedAuthorities all = AnnouncedAuthorities.of(state.root(), registry.authorities());
      all.write(layout.authorities(), files);
      told = Optional.of(all);
    }
    return untold;
  }

  private void store(TrustState next) throws IOException {
    if (!next.differsOnlyInTime(state)
        || next.floor().isAfter(state.floor().plusSeconds(FLOOR_STEP))) {
      store.write(next);
      if (next.epoch() != state.epoch()) {
        log.info(
            "follow",
            "epoch",
            next.epoch(),
            "root",
            next.root().abbreviated(),
            "governance",
            next.governanceVersion());
      }
      state = next;
    }
  }
}

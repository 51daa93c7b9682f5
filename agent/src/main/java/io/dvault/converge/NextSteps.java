package io.dvault.converge;

import io.dvault.converge.Converger.Knowledge;
import io.dvault.converge.Step.Install;
import io.dvault.converge.Step.Keep;
import io.dvault.converge.Step.Remove;
import io.dvault.converge.Step.Replace;
import io.dvault.disk.RefusedException;
import io.dvault.install.Device;
import io.dvault.install.DeviceAllowlist;
import io.dvault.install.InstalledEntry;
import io.dvault.model.EntryId;
import io.dvault.registry.EntryRecord;
import io.dvault.spi.Installation.AuthorizedKey;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is to be done, as the device and what is known of its vault stand now. */
final class NextSteps {
  private final Device device;
  private final VaultState memory;

  NextSteps(Device device, VaultState memory) {
    this.device = device;
    this.memory = memory;
  }

  List<Step> at(Instant now) throws IOException {
    Map<EntryId, InstalledEntry> held = device.current().entries();
    return Converger.plan(new Knowledge(
        held, memory.listed(), memory.state().revoked(), device.damaged(), outside(held), now));
  }

  /** What has to be fetched for them. */
  Map<EntryId, EntryRecord> wantedAt(Instant now) throws IOException {
    Map<EntryId, EntryRecord> wanted = new HashMap<>();
    for (Step step : at(now)) {
      switch (step) {
        case Install install -> wanted.put(install.entry(), install.record());
        case Replace replace -> wanted.put(replace.entry(), replace.record());
        case Remove remove -> {}
        case Keep keep -> {}
      }
    }
    return wanted;
  }

  /** What agent.yaml, changed since, does not allow any more. */
  private Set<EntryId> outside(Map<EntryId, InstalledEntry> held) {
    Set<EntryId> outside = new HashSet<>();
    DeviceAllowlist bounds = device.bounds();
    for (InstalledEntry each : held.values()) {
      boolean allowed =
          each.keys().stream().map(AuthorizedKey::account).allMatch(bounds.accounts()::containsKey);
      try {
        device.requireFolders(each.files());
      } catch (RefusedException e) {
        allowed = false;
      }
      if (!allowed) {
        outside.add(each.entry());
      }
    }
    return outside;
  }
}

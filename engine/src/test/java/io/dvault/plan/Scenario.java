package io.dvault.plan;

import io.dvault.cbor.Cid;
import io.dvault.config.TestVault;
import io.dvault.desired.DesiredState;
import io.dvault.ledger.EvmAddress;
import io.dvault.model.Bytes32;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.model.RevocationId;
import io.dvault.plan.PlanInput.Former;
import io.dvault.plan.PlanInput.KindTraits;
import io.dvault.spi.TypicalSize;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A vault over time: its repository, its registry, and a clock that the test moves. */
public final class Scenario {
  public static final Instant START = Instant.parse("2026-11-22T20:00:00Z");

  final TestVault vault;
  RegistrySnapshot registry = RegistrySnapshot.EMPTY;
  Instant now = START;
  Optional<Instant> headUntil = Optional.empty();
  private final Set<RevocationId> guardian = new HashSet<>();
  private final Map<EntryId, Former> former = new HashMap<>();
  final Map<EntryAddress, String> returning = new HashMap<>();

  public Scenario(TestVault vault) {
    this.vault = vault;
  }

  PlanInput input(PlanOptions options) {
    DesiredState desired = vault.desired();
    PlanBase base = new PlanBase(
        31337,
        EvmAddress.parse(TestVault.CONTRACT),
        TestVault.ID,
        registry.epoch(),
        registry.root().map(Cid::digest).orElse(Bytes32.ZERO),
        "",
        false,
        vault.view().digest());
    Set<String> once = new HashSet<>();
    Set<String> waysIn = new HashSet<>();
    TestVault.plugins().entryKinds().values().forEach(kind -> {
      once.addAll(kind.onceKinds());
      waysIn.addAll(kind.wayInKinds());
    });
    return new PlanInput(
        base,
        desired,
        registry,
        headUntil,
        guardian,
        former,
        returning,
        new KindTraits(
            once, waysIn, TestVault.plugins().trustKinds(), template -> TypicalSize.KEY_PAIR),
        options,
        1,
        now);
  }

  Plan plan(PlanOptions options) {
    return Planner.plan(input(options));
  }

  public Plan plan() {
    return plan(PlanOptions.NONE);
  }

  Plan apply(PlanOptions options) {
    PlanInput input = input(options);
    Plan plan = Planner.plan(input);
    input
        .desired()
        .entries()
        .values()
        .forEach(entry ->
            former.put(entry.id(), new Former(entry.address(), entry.template().protect())));
    registry = Applied.to(registry, plan, input.desired().vault().salt(), now);
    headUntil = Optional.of(now.plus(input.desired().vault().freshFor()));
    return plan;
  }

  public Plan apply() {
    return apply(PlanOptions.NONE);
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  void guardianRevokes(String address, long generation) {
    guardian.add(RevocationId.of(
        EntryId.of(vault.desired().vault().salt(), EntryAddress.parse(address)), generation));
  }

  static Optional<PlanOptions> revoking(String... addresses) {
    return Optional.of(PlanOptions.revoking(
        Set.copyOf(Stream.of(addresses).map(EntryAddress::parse).toList()), true));
  }

  /** {@code + SshCertificate/host@drone-1: not-issued}. */
  static List<String> lines(Plan plan) {
    List<String> lines = new ArrayList<>();
    for (Change change : plan.changes()) {
      String symbol = switch (change) {
        case Change.Issue issue -> "+";
        case Change.Rotate rotate -> "±";
        case Change.Revoke revoke -> "-";
        case Change.Keep keep -> " ";
      };
      lines.add(symbol + " " + change.label() + ": " + change.reason().code().text());
    }
    return lines;
  }
}

package io.dvault.plan;

import io.dvault.cbor.DagCbor;
import io.dvault.desired.DeviceDeclaration;
import io.dvault.model.DeviceId;
import io.dvault.model.EntryId;
import io.dvault.plan.Change.Issuing;
import io.dvault.plan.Change.Keep;
import io.dvault.plan.Change.Revoke;
import io.dvault.plan.Change.Rotate;
import io.dvault.registry.DeviceEntry;
import io.dvault.registry.EntryRecord;
import io.dvault.registry.EntryStatus;
import io.dvault.registry.RegistryCodec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an apply costs: samples of the blocks tell the bytes, the gas snapshot of the contract's
 * tests the gas. docs/requirements.md P8.
 */
final class Estimates {
  /** A commit with one approval and no acts, and what each further approval and each byte of acts adds. */
  private static final long COMMIT_GAS = 52_400;

  private static final long APPROVAL_GAS = 11_500;
  private static final long ACTS_BYTE_GAS = 26;
  /** Of acts without key and authority acts, without a git commit. */
  private static final int ACTS = 70;

  private static final int KIND_ACTS = 12;
  private static final int AUTHORITY_ACTS = 46;
  private final PlanInput input;
  private final List<Change> changes;
  private final List<AuthorityTransition> authorities;
  private final SampleBlocks samples;

  private Estimates(PlanInput input, List<Change> changes, List<AuthorityTransition> authorities) {
    this.input = input;
    this.changes = changes;
    this.authorities = authorities;
    this.samples = new SampleBlocks(input);
  }

  /** @param more whether rules or the head change too */
  static Estimate of(
      PlanInput input, List<Change> changes, List<AuthorityTransition> authorities, boolean more) {
    boolean nothing = !more && authorities.isEmpty() && changes.stream().allMatch(Estimates::rides);
    return nothing
        ? new Estimate(0, 0, 0, 0)
        : new Estimates(input, changes, authorities).estimate();
  }

  private static boolean rides(Change change) {
    return change instanceof Revoke revoke && revoke.housekeeping();
  }

  private Estimate estimate() {
    int bundles = (int) changes.stream().filter(Issuing.class::isInstance).count();
    return new Estimate(1, gas(), bundles, bytes());
  }

  private long gas() {
    Set<String> kinds = new TreeSet<>();
    int acts = ACTS;
    for (Change change : changes) {
      String kind = change.address().map(address -> address.kind()).orElse("");
      if (kinds.add(change.getClass().getSimpleName() + kind)) {
        acts += KIND_ACTS + kind.length();
      }
    }
    acts += authorities.size() * AUTHORITY_ACTS;
    acts += input.base().gitCommit().length();
    return COMMIT_GAS + (input.threshold() - 1) * APPROVAL_GAS + acts * ACTS_BYTE_GAS;
  }

  private long bytes() {
    long bundles = changes.parallelStream().mapToLong(this::bundle).sum();
    Map<DeviceId, Map<EntryId, EntryRecord>> after = after();
    long devices = after.entrySet().parallelStream()
        .mapToLong(each ->
            DagCbor.length(RegistryCodec.encode(DeviceEntry.of(each.getKey(), each.getValue()))))
        .sum();
    return samples.root() + bundles + devices + tree(after.keySet()) + authoritiesAndRules();
  }

  private long bundle(Change change) {
    return change instanceof Issuing issuing
        ? samples.bundle(issuing, device(issuing).classic())
        : 0;
  }

  private DeviceDeclaration device(Issuing issuing) {
    return input.desired().findDevice(issuing.desired().address().device()).orElseThrow();
  }

  /** What each device that changes holds then, with samples of what is issued. */
  private Map<DeviceId, Map<EntryId, EntryRecord>> after() {
    Map<DeviceId, Map<EntryId, EntryRecord>> after = new HashMap<>();
    for (Change change : changes) {
      switch (change) {
        case Issuing issuing -> {
          held(after, issuing.device()).put(issuing.entry(), samples.record(issuing));
          if (issuing instanceof Rotate rotate && !rotate.from().equals(rotate.device())) {
            held(after, rotate.from()).put(rotate.entry(), rotate.old().ended(EntryStatus.REVOKED));
          }
        }
        case Revoke revoke ->
          held(after, revoke.device()).put(revoke.entry(), revoke.old().ended(EntryStatus.REVOKED));
        case Keep keep -> {}
      }
    }
    return after;
  }

  private Map<EntryId, EntryRecord> held(
      Map<DeviceId, Map<EntryId, EntryRecord>> after, DeviceId device) {
    return after.computeIfAbsent(
        device,
        any -> input.registry().devices().containsKey(device)
            ? new HashMap<>(input.registry().devices().get(device).entries())
            : new HashMap<>());
  }

  private long tree(Set<DeviceId> changed) {
    if (changed.isEmpty() && input.registry().epoch() > 0) {
      return 0;
    }
    Set<DeviceId> all = new HashSet<>(input.registry().devices().keySet());
    all.addAll(changed);
    return SampleBlocks.tree(all, changed);
  }

  /** The first tree has both in any case. */
  private long authoritiesAndRules() {
    boolean first = input.registry().epoch() == 0;
    long rules = first ? SampleBlocks.noRules() : 0;
    if (authorities.isEmpty() && !first) {
      return rules;
    }
    return rules
        + DagCbor.length(RegistryCodec.encode(
            AuthorityTransition.applied(input.registry().authorities(), authorities, input.now())));
  }
}

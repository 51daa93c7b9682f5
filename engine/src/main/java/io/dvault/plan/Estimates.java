package io.dvault.plan;

import io.dvault.desired.DeviceDeclaration;
import io.dvault.model.DeviceId;
import io.dvault.model.EntryId;
import io.dvault.plan.Change.Issuing;
import io.dvault.plan.Change.Keep;
import io.dvault.plan.Change.Revoke;
import io.dvault.plan.Change.Rotate;
import io.dvault.registry.EntryRecord;
import io.dvault.spi.EntryTemplate;
import io.dvault.spi.TypicalSize;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an apply costs: the formats tell the bytes, the gas snapshot of the contract's tests the
 * gas. docs/requirements.md P8.
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
  /** Without a git commit. */
  private static final int ROOT = 262;
  private static final int AUTHORITY = 66 + 3;
  private static final int GENERATION = 60;
  private static final int NO_RULES = 4;

  private final PlanInput input;
  private final List<Change> changes;
  private final List<AuthorityChange> authorities;

  private Estimates(PlanInput input, List<Change> changes, List<AuthorityChange> authorities) {
    this.input = input;
    this.changes = changes;
    this.authorities = authorities;
  }

  /** @param more whether rules or the head change too */
  static Estimate of(PlanInput input, List<Change> changes, List<AuthorityChange> authorities, boolean more) {
    boolean nothing = !more && authorities.isEmpty() && changes.stream().allMatch(Estimates::rides);
    return nothing ? new Estimate(0, 0, 0, 0) : new Estimates(input, changes, authorities).estimate();
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
    List<Size> sizes = changes.parallelStream().map(this::size).toList();
    Map<DeviceId, Long> blocks = new HashMap<>();
    long bundles = 0;
    for (int i = 0; i < sizes.size(); i++) {
      switch (changes.get(i)) {
        case Issuing issuing -> {
          bundles += sizes.get(i).bundle();
          replace(blocks, issuing.device(), issuing.entry(), sizes.get(i).entry());
          if (issuing instanceof Rotate rotate && !rotate.from().equals(rotate.device())) {
            replace(blocks, rotate.from(), rotate.entry(), BlockSizes.entry(rotate.old(), true));
          }
        }
        case Revoke revoke ->
            replace(blocks, revoke.device(), revoke.entry(), BlockSizes.entry(revoke.old(), true));
        case Keep keep -> { }
      }
    }
    long devices = blocks.values().stream().mapToLong(Long::longValue).sum();
    return ROOT + input.base().gitCommit().length() + bundles + devices + tree(blocks.keySet()) + authorityBlock();
  }

  /** Of what a change issues; nothing for the others. */
  private record Size(long bundle, long entry) {
    static final Size NONE = new Size(0, 0);
  }

  private Size size(Change change) {
    if (!(change instanceof Issuing issuing)) {
      return Size.NONE;
    }
    EntryTemplate template = issuing.desired().template();
    TypicalSize typical = input.kinds().size().apply(template);
    return new Size(BlockSizes.bundle(template, typical, device(issuing)), BlockSizes.entry(issuing, typical));
  }

  private DeviceDeclaration device(Issuing issuing) {
    return input.desired().findDevice(issuing.desired().address().device()).orElseThrow();
  }

  /** The block of a device with one entry of another size than before. */
  private void replace(Map<DeviceId, Long> blocks, DeviceId device, EntryId entry, long size) {
    Map<EntryId, EntryRecord> held = input.registry().devices().containsKey(device)
        ? input.registry().devices().get(device).entries()
        : Map.of();
    long before = blocks.computeIfAbsent(device, any -> BlockSizes.device()
        + held.values().stream().mapToLong(record -> BlockSizes.entry(record, false)).sum());
    long old = held.containsKey(entry) ? BlockSizes.entry(held.get(entry), false) : 0;
    blocks.put(device, before - old + size);
  }

  private long tree(Set<DeviceId> touched) {
    if (touched.isEmpty() && input.registry().epoch() > 0) {
      return 0;
    }
    Set<DeviceId> all = new HashSet<>(input.registry().devices().keySet());
    all.addAll(touched);
    return TreeSize.of(all, touched);
  }

  /** The first tree has one in any case, and the rules. */
  private long authorityBlock() {
    long rules = input.registry().epoch() == 0 ? NO_RULES : 0;
    if (authorities.isEmpty()) {
      return input.registry().epoch() == 0 ? 1 + rules : 0;
    }
    long held = input.registry().authorities().values().stream()
        .mapToLong(records -> AUTHORITY
            + records.stream().mapToLong(each -> GENERATION + each.publicPart().length).sum())
        .sum();
    long fresh = authorities.stream().filter(each -> each.from().isEmpty())
        .mapToLong(each -> (each.generation() == 1 ? AUTHORITY : 0) + GENERATION + each.publicPart().length).sum();
    return 1 + held + fresh + rules;
  }
}

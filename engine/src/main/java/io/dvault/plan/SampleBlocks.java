package io.dvault.plan;

import io.dvault.bundle.Payload;
import io.dvault.bundle.PostQuantum;
import io.dvault.bundle.SealedBundle;
import io.dvault.cbor.CborValue;
import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.cbor.DagCbor;
import io.dvault.dag.HashMapShape;
import io.dvault.dag.HashMapSize;
import io.dvault.model.DeviceId;
import io.dvault.plan.Change.Issuing;
import io.dvault.registry.DeviceRules;
import io.dvault.registry.EntryRecord;
import io.dvault.registry.EntryStatus;
import io.dvault.registry.PublicFacts;
import io.dvault.registry.RegistryCodec;
import io.dvault.registry.VaultRoot;
import io.dvault.spi.EntryTemplate;
import io.dvault.spi.TypicalSize;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Samples of what an apply would publish, as long as the real ones, through the real codecs. */
final class SampleBlocks {
  private static final Cid NODE = Cid.of(Codec.DAG_CBOR, new byte[0]);
  private static final Cid BUNDLE = Cid.of(Codec.RAW, new byte[0]);
  private static final int MOST_MATERIAL = 1 << 18;

  private final PlanInput input;

  SampleBlocks(PlanInput input) {
    this.input = input;
  }

  /** Bytes of the sealed bundle. */
  long bundle(Issuing issuing, boolean classic) {
    EntryTemplate template = issuing.desired().template();
    int material = Math.min(MOST_MATERIAL, size(template).material());
    Payload payload = new Payload(
        input.base().vault(),
        issuing.device(),
        issuing.entry(),
        issuing.generation(),
        epoch(),
        Validities.of(template, input.now()),
        template.address().kind(),
        CborValue.of(Map.of("", CborValue.of(new byte[material]))),
        issuing.install());
    return SealedBundle.sealedLength(payload, classic ? PostQuantum.WAIVED : PostQuantum.REQUIRED);
  }

  /** The record of what is issued. */
  EntryRecord record(Issuing issuing) {
    EntryTemplate template = issuing.desired().template();
    int part = Math.min(PublicFacts.MAX_PART, size(template).part());
    int encrypted = issuing.facts(new byte[part]).encryptedLength();
    return new EntryRecord(
        issuing.generation(),
        template.address().kind(),
        issuing.spec(),
        Optional.of(BUNDLE),
        CborValue.of(new byte[encrypted]),
        Validities.of(template, input.now()),
        EntryStatus.ACTIVE,
        issuing.serial());
  }

  private TypicalSize size(EntryTemplate template) {
    return input.kinds().size().apply(template);
  }

  private long epoch() {
    return input.registry().epoch() + 1;
  }

  long root() {
    return DagCbor.length(RegistryCodec.encode(new VaultRoot(
        input.base().vault(),
        epoch(),
        input.registry().root(),
        input.now(),
        input.base().gitCommit(),
        NODE,
        NODE,
        NODE)));
  }

  static long noRules() {
    return DagCbor.length(RegistryCodec.encode(DeviceRules.NONE));
  }

  /** Bytes of the nodes of the devices' tree that are new when {@code changed} of {@code all} change. */
  static long tree(Collection<DeviceId> all, Set<DeviceId> changed) {
    return HashMapSize.ofNewNodes(
        HashMapShape.DVAULT,
        all.stream().map(SampleBlocks::key).toList(),
        changed.stream().map(SampleBlocks::key).collect(Collectors.toUnmodifiableSet()),
        CborValue.of(NODE));
  }

  private static CborValue.CborBytes key(DeviceId device) {
    return CborValue.of(device.bytes().toArray());
  }
}

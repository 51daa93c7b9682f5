package io.dvault.plan;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.DagCbor;
import io.dvault.desired.DeviceDeclaration;
import io.dvault.plan.Change.Issuing;
import io.dvault.registry.EntryRecord;
import io.dvault.registry.EntryStatus;
import io.dvault.registry.PublicFacts;
import io.dvault.spi.EntryTemplate;
import io.dvault.spi.TypicalSize;

/** Bytes of what an apply would publish, out of the formats: schemas/spec/registry.md and sealed-bundle.md. */
final class BlockSizes {
  /** Header and MAC of an age file with one recipient, and nonce and tag of its payload. */
  private static final int HYBRID = 1_786;
  private static final int CLASSIC = 216;
  /** Field names, vault, device, entry, numbers and times of a payload without material and install. */
  private static final int PAYLOAD = 218;
  private static final int SMALLEST_CLASS = 1 << 10;
  private static final int LINK = 41;
  /** Version, both ids, the names of the fields and the head of the entries. */
  private static final int DEVICE = 110;
  /** Id, names, spec, times and status of an entry without kind, public part, link, generation and serial. */
  private static final int ENTRY = 66 + 1 + 4 + 5 + 39 + 7 + 7 + 15 + 14 + 7 + 7 + 7;
  private static final int CIPHER = 28;

  private BlockSizes() {}

  /** A sealed bundle, padded to its class. */
  static long bundle(EntryTemplate template, TypicalSize typical, DeviceDeclaration device) {
    long bare = PAYLOAD + template.address().kind().length() + typical.material()
        + DagCbor.encode(template.install()).length + "address".length() + 3 + template.address().toString().length();
    long padded = SMALLEST_CLASS;
    while (padded < bare) {
      padded *= 2;
    }
    return padded + (device.classic() ? CLASSIC : HYBRID);
  }

  /** The block of a device but for its entries. */
  static long device() {
    return DEVICE;
  }

  /** The record of what is issued. */
  static long entry(Issuing issuing, TypicalSize typical) {
    EntryTemplate template = issuing.desired().template();
    int spec = issuing.canonical().length() <= PublicFacts.MAX_SPEC ? issuing.canonical().length() + 8 : 0;
    int address = 10 + template.address().toString().length();
    long facts = 1 + 3 + 5 + head(typical.part()) + typical.part() + 9 + address + spec;
    return ENTRY + template.address().kind().length() + head(CIPHER + facts) + CIPHER + facts + LINK
        + number(issuing.generation()) + number(issuing.serial());
  }

  /** A record that stays or is revoked. */
  static long entry(EntryRecord record, boolean revoked) {
    int length = record.publicPart().length();
    boolean sealed = record.sealed().isPresent() && !revoked && record.status() == EntryStatus.ACTIVE;
    return ENTRY + record.kind().length() + head(length) + length + (sealed ? LINK : 2)
        + number(record.generation()) + number(record.serial());
  }

  private static int head(long length) {
    return length < 24 ? 1 : length < 256 ? 2 : length < 65_536 ? 3 : 5;
  }

  private static int number(long value) {
    return DagCbor.encode(CborValue.of(value)).length;
  }
}

package io.dvault.registry;

import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.cbor.DagCbor;
import io.dvault.cbor.MapReader;
import io.dvault.model.Bytes32;
import io.dvault.model.DeviceId;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.model.SpecHash;
import io.dvault.model.Validity;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A device's block from its first byte to its last, without a tree: strict dag-cbor has one form, so the fields of a sound
 * block stand in one order. Whatever is not just so is for {@link DeviceCodec}, which reads the very same and says what is
 * wrong (a test holds that): a fleet has a hundred thousand sound ones.
 */
final class PlainDeviceBlock {
  private static final byte[] FIELDS = {(byte) 0xa4}; // a map of four
  private static final byte[] VERSION = key("v", 1);
  private static final byte[] DEVICE = key("device", 0x58, Bytes32.LENGTH); // bytes, with their length in a byte more
  private static final byte[] ENTRIES = key("entries");
  private static final byte[] RECIPIENT = key("recipient", 0x58, Bytes32.LENGTH);
  private static final byte[] ID = {0x78, 2 * Bytes32.LENGTH};
  private static final byte[] ENTRY_FIELDS = {(byte) 0xa9};
  private static final byte[] GENERATION = key("gen");
  private static final byte[] KIND = key("kind");
  private static final byte[] SPEC = key("spec", 0x58, Bytes32.LENGTH);
  private static final byte[] PUBLIC = key("public");
  private static final byte[] SEALED = key("sealed");
  private static final byte[] SERIAL = key("serial");
  private static final byte[] STATUS = key("status");
  private static final byte[] NOT_AFTER = key("notAfter");
  private static final byte[] NOT_BEFORE = key("notBefore");
  private static final byte[] NULL = {(byte) 0xf6};
  /** Of a raw block: tag 42, 37 bytes, the identity multibase, CIDv1, raw, sha2-256 of 32 bytes. */
  private static final byte[] LINK = {(byte) 0xd8, 42, 0x58, Cid.LENGTH + 1, 0, 1, 0x55, 0x12, Bytes32.LENGTH};
  private static final EntryStatus[] STATUSES = EntryStatus.values();
  private static final byte[][] STATUS_WORDS =
      Arrays.stream(STATUSES).map(status -> key(BlockFields.word(status))).toArray(byte[][]::new);

  private static final class NotPlain extends Exception {
    private static final long serialVersionUID = 1;
    private static final NotPlain NOT_PLAIN = new NotPlain();

    NotPlain() {
      super("for the general way", null, false, false);
    }
  }

  /** The last one that was read: a fleet has few. Threads that race leave one or the other here, and either is right. */
  private static volatile String lastKind = "";

  private final byte[] block;
  private int at;

  private PlainDeviceBlock(byte[] block) {
    this.block = block;
  }

  /** Empty for anything that {@link DeviceCodec} has to look at. */
  static Optional<DeviceEntry> read(byte[] block) {
    try {
      require(block.length <= DagCbor.MAX_LENGTH);
      return Optional.of(new PlainDeviceBlock(block).device());
    } catch (NotPlain e) {
      return Optional.empty();
    }
  }

  /** A short word as dag-cbor writes it, and what follows. */
  private static byte[] key(String word, int... then) {
    byte[] form = new byte[1 + word.length() + then.length];
    form[0] = (byte) (3 << 5 | word.length());
    for (int i = 1; i < form.length; i++) {
      form[i] = (byte) (i <= word.length() ? word.charAt(i - 1) : then[i - 1 - word.length()]);
    }
    return form;
  }

  private static void require(boolean plain) throws NotPlain {
    if (!plain) {
      throw NotPlain.NOT_PLAIN;
    }
  }

  private DeviceEntry device() throws NotPlain {
    take(FIELDS);
    take(VERSION);
    take(DEVICE);
    Bytes32 device = bytes32();
    take(ENTRIES);
    long count = argument(5);
    TreeMap<EntryId, EntryRecord> entries = new TreeMap<>();
    for (long i = 0; i < count; i++) {
      take(ID);
      EntryId id = new EntryId(hex());
      require(entries.isEmpty() || entries.lastKey().compareTo(id) < 0);
      entries.put(id, entry());
    }
    take(RECIPIENT);
    require(bytes32().equals(device) && at == block.length);
    return new DeviceEntry(new DeviceId(device), entries);
  }

  private EntryRecord entry() throws NotPlain {
    take(ENTRY_FIELDS);
    take(GENERATION);
    long generation = argument(0);
    require(generation >= 1);
    take(KIND);
    String kind = kind();
    take(SPEC);
    SpecHash spec = new SpecHash(bytes32());
    take(PUBLIC);
    long length = argument(2);
    require(length <= RegistryCodec.MAX_PUBLIC);
    CborBytes publicPart = CborBytes.copyOf(block, skip((int) length), (int) length);
    take(SEALED);
    Optional<Cid> sealed = sealed();
    take(SERIAL);
    long serial = argument(0);
    take(STATUS);
    EntryStatus status = status();
    take(NOT_AFTER);
    Instant notAfter = instant();
    take(NOT_BEFORE);
    Instant notBefore = instant();
    require(notBefore.isBefore(notAfter));
    return new EntryRecord(
        generation, kind, spec, sealed, publicPart, new Validity(notBefore, notAfter), status, serial);
  }

  /** Where the next {@code length} bytes begin, which are behind it then. */
  private int skip(int length) throws NotPlain {
    require(length <= block.length - at);
    at += length;
    return at - length;
  }

  private boolean isNext(byte[] form) {
    return form.length <= block.length - at && Arrays.equals(block, at, at + form.length, form, 0, form.length);
  }

  private void take(byte[] form) throws NotPlain {
    require(isNext(form));
    at += form.length;
  }

  /** Of a head of that major type, in its shortest form, up to 2^63-1. */
  private long argument(int major) throws NotPlain {
    int initial = block[skip(1)] & 0xff;
    int info = initial & 31;
    require(initial >> 5 == major && info <= 27);
    if (info < 24) {
      return info;
    }
    int width = 1 << info - 24;
    long value = 0;
    for (int i = skip(width); i < at; i++) {
      value = value << 8 | block[i] & 0xff;
    }
    require(value >= (width == 1 ? 24 : 1L << 4 * width)); // what is negative here is more than 2^63-1
    return value;
  }

  private Bytes32 bytes32() throws NotPlain {
    return Bytes32.of(block, skip(Bytes32.LENGTH));
  }

  private Bytes32 hex() throws NotPlain {
    byte[] bytes = new byte[Bytes32.LENGTH];
    int from = skip(2 * Bytes32.LENGTH);
    int all = 0; // negative once any digit is none
    for (int i = 0; i < bytes.length; i++) {
      int digits = digit(block[from + 2 * i]) << 4 | digit(block[from + 2 * i + 1]);
      all |= digits;
      bytes[i] = (byte) digits;
    }
    require(all >= 0);
    return Bytes32.of(bytes);
  }

  private static int digit(byte letter) {
    if (letter >= '0' && letter <= '9') {
      return letter - '0';
    }
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
  }

  private String kind() throws NotPlain {
    int length = (int) Math.min(argument(3), block.length);
    int from = skip(length);
    String last = lastKind;
    if (isSame(last, from)) {
      return last;
    }
    String kind = new String(block, from, length, StandardCharsets.ISO_8859_1);
    require(EntryAddress.isKind(kind));
    lastKind = kind;
    return kind;
  }

  /** Whether {@code kind} stands from {@code from} to here. */
  private boolean isSame(String kind, int from) {
    boolean same = kind.length() == at - from;
    for (int i = 0; same && i < kind.length(); i++) {
      same = kind.charAt(i) == block[from + i];
    }
    return same && !kind.isEmpty();
  }

  private Optional<Cid> sealed() throws NotPlain {
    if (isNext(NULL)) {
      at++;
      return Optional.empty();
    }
    take(LINK);
    return Optional.of(new Cid(Codec.RAW, bytes32()));
  }

  private EntryStatus status() throws NotPlain {
    for (int i = 0; i < STATUSES.length; i++) {
      if (isNext(STATUS_WORDS[i])) {
        at += STATUS_WORDS[i].length;
        return STATUSES[i];
      }
    }
    throw NotPlain.NOT_PLAIN;
  }

  private Instant instant() throws NotPlain {
    long seconds = argument(0);
    require(seconds <= MapReader.MAX_SECONDS);
    return Instant.ofEpochSecond(seconds);
  }
}

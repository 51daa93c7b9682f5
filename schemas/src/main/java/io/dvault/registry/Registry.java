package io.dvault.registry;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.dag.BlockSource;
import io.dvault.dag.IpldHashMap;
import io.dvault.dag.MalformedBlockException;
import io.dvault.model.AuthorityId;
import io.dvault.model.Bytes32;
import io.dvault.model.DeviceId;
import io.dvault.model.VaultId;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * The tree below one root, read lazily and verified as it is read. Every method throws {@code
 * BlockUnavailableException} when a block that it needs is missing, and {@link MalformedBlockException} when one breaks
 * its format; neither ever looks like an absence (docs/threat-model.md T17). Thread-safe if its
 * source is.
 */
public final class Registry {
  private final BlockSource source;
  private final Cid cid;
  private final VaultRoot root;
  private final IpldHashMap devices;

  private Registry(BlockSource source, Cid cid, VaultRoot root, IpldHashMap devices) {
    this.source = source;
    this.cid = cid;
    this.root = root;
    this.devices = devices;
  }

  /** Opens the tree of {@code expected}; reads the root block and the first node of the devices. */
  public static Registry open(BlockSource source, Cid root, VaultId expected) {
    VaultRoot decoded = RegistryCodec.read(source, root, RegistryCodec::decodeRoot);
    if (!decoded.vault().equals(expected)) {
      throw new MalformedBlockException(
          root, "belongs to vault " + decoded.vault() + ", not " + expected);
    }
    return new Registry(source, root, decoded, IpldHashMap.open(source, decoded.devices()));
  }

  /** The id of a root that the chain holds as a bare digest. */
  public static Cid rootCid(Bytes32 digest) {
    return new Cid(Codec.DAG_CBOR, digest);
  }

  public Cid cid() {
    return cid;
  }

  public VaultRoot root() {
    return root;
  }

  /** What {@code device} holds, or empty when the complete path shows that it is not listed. */
  public Optional<DeviceEntry> findDevice(DeviceId device) {
    return devices.find(key(device)).map(value -> device(devices.cid(), key(device), value));
  }

  /** Every device once, in no order that means anything; read as the stream is. */
  public Stream<DeviceEntry> devices() {
    return devices.stream().map(entry -> device(devices.cid(), entry.key(), entry.value()));
  }

  /** Every authority with its generations, in ascending order. Reads one block. */
  public SortedMap<AuthorityId, List<AuthorityRecord>> authorities() {
    return RegistryCodec.read(source, root.authorities(), RegistryCodec::decodeAuthorities);
  }

  /** The generations of one authority, ascending; empty when it is not listed. Reads one block. */
  public List<AuthorityRecord> findAuthority(AuthorityId authority) {
    return authorities().getOrDefault(authority, List.of());
  }

  /** Reads one block. */
  public DeviceRules rules() {
    return RegistryCodec.read(source, root.rules(), RegistryCodec::decodeRules);
  }

  /** An editor that starts from this tree. */
  public RegistryEditor edit() {
    return RegistryEditor.of(this);
  }

  /** Whether {@code device} is listed with exactly this block. */
  boolean holds(DeviceId device, Cid block) {
    return devices.find(key(device)).equals(Optional.of(CborValue.of(block)));
  }

  IpldHashMap deviceMap() {
    return devices;
  }

  /** The DeviceEntry behind a value of the devices map {@code map}. */
  DeviceEntry device(Cid map, CborBytes key, CborValue value) {
    if (!(value instanceof CborValue.CborLink link)) {
      throw new MalformedBlockException(map, "a device is a link");
    }
    DeviceEntry entry = RegistryCodec.read(source, link.cid(), RegistryCodec::decodeDevice);
    if (!key(entry.device()).equals(key)) {
      throw new MalformedBlockException(
          link.cid(), "is device " + entry.device() + ", listed under another id");
    }
    return entry;
  }

  static CborBytes key(DeviceId device) {
    return CborValue.of(device.bytes().toArray());
  }
}

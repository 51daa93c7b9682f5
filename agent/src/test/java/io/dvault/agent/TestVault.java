package io.dvault.agent;

import io.dvault.bundle.Payload;
import io.dvault.bundle.PostQuantum;
import io.dvault.bundle.Recipient;
import io.dvault.bundle.SealedBundle;
import io.dvault.cbor.CborValue;
import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.dag.Block;
import io.dvault.dag.MemoryBlockStore;
import io.dvault.gateway.HostileGateway;
import io.dvault.gateway.HostileGateway.Fault;
import io.dvault.ledger.Anchor;
import io.dvault.ledger.Commit;
import io.dvault.ledger.Head;
import io.dvault.ledger.evm.AnvilProcess;
import io.dvault.ledger.testing.LyingRpcProxy;
import io.dvault.ledger.testing.VaultFixture;
import io.dvault.model.AuthorityId;
import io.dvault.model.Bytes32;
import io.dvault.model.DeviceId;
import io.dvault.model.EntryId;
import io.dvault.model.SpecHash;
import io.dvault.model.VaultId;
import io.dvault.model.VaultSalt;
import io.dvault.registry.Acts;
import io.dvault.registry.AuthorityRecord;
import io.dvault.registry.DeviceEntry;
import io.dvault.registry.DeviceRules;
import io.dvault.registry.EntryRecord;
import io.dvault.registry.EntryStatus;
import io.dvault.registry.Registry;
import io.dvault.registry.RegistryDiff;
import io.dvault.registry.RegistryEditor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A vault on anvil behind a proxy that can lie, with blocks behind a gateway that can misbehave: the admin's side. */
final class TestVault implements AutoCloseable {
  static final VaultSalt SALT = new VaultSalt(Bytes32.ZERO);
  private static final SecureRandom RANDOM = new SecureRandom();

  final AnvilProcess anvil;
  final VaultFixture fixture;
  final LyingRpcProxy rpc;
  final MemoryBlockStore blocks = new MemoryBlockStore();
  final HostileGateway gateway = new HostileGateway(blocks, Fault.NONE);
  final HostileGateway second = new HostileGateway(blocks, Fault.NONE);
  private final Map<DeviceId, TreeMap<EntryId, EntryRecord>> devices = new TreeMap<>();
  private SortedMap<AuthorityId, List<AuthorityRecord>> authorities = new TreeMap<>();
  private DeviceRules rules = DeviceRules.NONE;
  private Optional<Cid> root = Optional.empty();
  Duration fresh = Duration.ofDays(30);

  TestVault(AnvilProcess anvil) {
    this.anvil = anvil;
    this.fixture = VaultFixture.create(anvil.endpoint(), 2, 3);
    try {
      this.rpc = new LyingRpcProxy(anvil.rpc());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  VaultId id() {
    return fixture.vault();
  }

  Anchor anchor() {
    Head head = fixture.head();
    return new Anchor(
        "fleet",
        id(),
        fixture.ref(),
        fixture.ledger().findCodeHash().orElseThrow(),
        List.of(rpc.rpc().toString()),
        1,
        List.of(gateway.uri().toString(), second.uri().toString()),
        head.governanceVersion(),
        fixture.governance());
  }

  static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS);
  }

  /** Seals {@code material} to {@code recipient} as one entry; it counts from the next {@link #commit}. */
  EntryRecord put(String recipient, TestEntry entry) {
    DeviceId device = DeviceId.ofRecipient(recipient);
    EntryId id = entry.id();
    long generation = find(device, id).map(EntryRecord::generation).orElse(0L) + 1;
    Payload payload = new Payload(
        id(),
        device,
        id,
        generation,
        epoch() + 1,
        entry.validity(),
        entry.address().kind(),
        entry.material(),
        entry.install());
    return list(device, id, generation, entry, seal(recipient, payload));
  }

  Cid seal(String recipient, Payload payload) {
    Block block = Block.of(
        Codec.RAW,
        SealedBundle.seal(payload, Recipient.parse(recipient), PostQuantum.WAIVED, RANDOM));
    blocks.add(block);
    return block.cid();
  }

  /** Lists a sealed block whatever it holds. */
  EntryRecord list(DeviceId device, EntryId id, long generation, TestEntry entry, Cid sealed) {
    EntryRecord record = new EntryRecord(
        generation,
        entry.address().kind(),
        new SpecHash(Bytes32.sha256("spec")),
        Optional.of(sealed),
        CborValue.of(new byte[0]),
        entry.validity(),
        EntryStatus.ACTIVE,
        0);
    devices.computeIfAbsent(device, any -> new TreeMap<>()).put(id, record);
    return record;
  }

  Optional<EntryRecord> find(DeviceId device, EntryId id) {
    return Optional.ofNullable(devices.getOrDefault(device, new TreeMap<>()).get(id));
  }

  void drop(String recipient, TestEntry entry) {
    devices.get(DeviceId.ofRecipient(recipient)).remove(entry.id());
  }

  void revoke(String recipient, TestEntry entry) {
    devices
        .get(DeviceId.ofRecipient(recipient))
        .computeIfPresent(
            entry.id(),
            (id, old) -> new EntryRecord(
                old.generation(),
                old.kind(),
                old.spec(),
                Optional.empty(),
                old.publicPart(),
                old.validity(),
                EntryStatus.REVOKED,
                0));
  }

  void authorities(SortedMap<AuthorityId, List<AuthorityRecord>> next) {
    authorities = next;
  }

  void rules(DeviceRules next) {
    rules = next;
  }

  long epoch() {
    return fixture.head().epoch();
  }

  /** Builds the tree, publishes it, and commits it, approved as it must be. */
  Commit commit() {
    Commit next = build();
    fixture.writer().commit(next, fixture.approvals(next));
    return next;
  }

  Commit build() {
    Head head = fixture.head();
    RegistryEditor editor = root.isPresent() && head.epoch() > 0
        ? Registry.open(blocks, Registry.rootCid(head.root()), id()).edit()
        : RegistryEditor.empty();
    devices.forEach((device, entries) -> editor.put(DeviceEntry.of(device, entries)));
    editor.authorities(authorities).rules(rules);
    Optional<Cid> prev =
        head.epoch() == 0 ? Optional.empty() : Optional.of(Registry.rootCid(head.root()));
    RegistryEditor.Built built = editor.build(id(), head.epoch() + 1, prev, now(), "");
    built.newBlocks().forEach(blocks::add);
    root = Optional.of(built.root());
    return new Commit(
        id(),
        head.epoch() + 1,
        head.root(),
        built.root().digest(),
        built.shards(),
        now().plus(fresh),
        acts(prev, built.root()),
        head.governanceVersion());
  }

  private byte[] acts(Optional<Cid> before, Cid after) {
    RegistryDiff diff = RegistryDiff.between(
        before.map(root -> Registry.open(blocks, root, id())), Registry.open(blocks, after, id()));
    return Acts.of(diff, "", "apply").encode();
  }

  /** A bare JSON-RPC call to anvil itself; returns the whole answer. */
  String anvil(String method, String params) {
    return call(anvil.rpc(), method, params);
  }

  static String call(URI rpc, String method, String params) {
    String body =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}";
    HttpRequest request = HttpRequest.newBuilder(rpc)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    rpc.close();
    gateway.close();
    second.close();
    fixture.close();
  }
}

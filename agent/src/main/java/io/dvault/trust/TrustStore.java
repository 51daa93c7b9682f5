package io.dvault.trust;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.DagCbor;
import io.dvault.cbor.MalformedCborException;
import io.dvault.cbor.MapReader;
import io.dvault.disk.DurableFiles;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.Governance;
import io.dvault.ledger.LedgerRef;
import io.dvault.model.Bytes32;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.RevocationId;
import io.dvault.model.VaultId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The trust state on disk: SHA-256 of the body, then the body in dag-cbor. Replaced as a whole and
 * synced before anything
 * acts on it. A file that does not fit its hash is refused with the way out, never reset:
 * docs/threat-model.md T4, T23.
 */
public final class TrustStore {
  private static final int MAX_PARTIES = 32;

  private final Path file;
  private final DurableFiles files;

  public TrustStore(Path file, DurableFiles files) {
    this.file = file;
    this.files = files;
  }

  public boolean exists() {
    return Files.exists(file);
  }

  public TrustState read() throws IOException {
    if (!exists()) {
      throw damaged("it is missing");
    }
    byte[] content = Files.readAllBytes(file);
    if (content.length <= Bytes32.LENGTH) {
      throw damaged("it has " + content.length + " bytes");
    }
    byte[] hash = java.util.Arrays.copyOf(content, Bytes32.LENGTH);
    byte[] body = java.util.Arrays.copyOfRange(content, Bytes32.LENGTH, content.length);
    if (!Bytes32.sha256(body).equals(Bytes32.of(hash))) {
      throw damaged("its bytes do not fit its checksum");
    }
    try {
      return decode(DagCbor.decode(body));
    } catch (MalformedCborException | IllegalArgumentException e) {
      throw damaged(e.getMessage());
    }
  }

  public void write(TrustState state) throws IOException {
    byte[] body = DagCbor.encode(encode(state));
    byte[] content =
        java.util.Arrays.copyOf(Bytes32.sha256(body).toArray(), Bytes32.LENGTH + body.length);
    System.arraycopy(body, 0, content, Bytes32.LENGTH, body.length);
    files.replace(file, content, 0600);
  }

  private DiagnosticException damaged(String why) {
    return new DiagnosticException(Diagnostic.error(
        "DV520",
        "the trust state cannot be used",
        file + ": " + why + ".",
        "It holds the highest epoch seen; without it an old state could be passed off as the newest.",
        "If the disk was damaged: compare `dvault log` with what this device last reported, remove the file, and run "
            + "`dvault-agent enroll` with a fresh anchor. The identity is kept."));
  }

  private static CborMap encode(TrustState state) {
    Map<String, CborValue> map = new LinkedHashMap<>();
    map.put("v", CborValue.of(1));
    map.put("vault", bytes(state.vault().bytes()));
    map.put("chain", CborValue.of(state.ref().chainId()));
    map.put("contract", CborValue.of(state.ref().contract().toArray()));
    map.put("code", bytes(state.codeHash()));
    map.put("epoch", CborValue.of(state.epoch()));
    map.put("root", bytes(state.root()));
    map.put("notAfter", CborValue.of(state.notAfter().getEpochSecond()));
    map.put("floor", CborValue.of(state.floor().getEpochSecond()));
    map.put(
        "revoked",
        CborValue.of(state.revoked().stream().map(id -> bytes(id.bytes())).toList()));
    List<CborValue> governances = new ArrayList<>();
    state
        .governances()
        .forEach((version, governance) -> governances.add(CborValue.of(Map.of(
            "version", CborValue.of(version),
            "threshold", CborValue.of(governance.threshold()),
            "approvers", addresses(governance.approvers()),
            "guardians", addresses(governance.guardians()),
            "delay", CborValue.of(governance.unfreezeDelay().toSeconds())))));
    map.put("governances", CborValue.of(governances));
    return CborValue.of(map);
  }

  private static TrustState decode(CborValue value) throws MalformedCborException {
    MapReader map = MapReader.of(
        value,
        "trust",
        "v",
        "vault",
        "chain",
        "contract",
        "code",
        "epoch",
        "root",
        "notAfter",
        "floor",
        "revoked",
        "governances");
    map.requireInt("v", 1, 1);
    TreeMap<Long, Governance> governances = new TreeMap<>();
    for (CborValue item : map.requireList("governances", TrustState.MAX_GOVERNANCES)) {
      MapReader one = MapReader.of(
          item, "trust.governances", "version", "threshold", "approvers", "guardians", "delay");
      governances.put(
          one.requireInt("version"),
          new Governance(
              addresses(one, "approvers"),
              (int) one.requireInt("threshold", 1, MAX_PARTIES),
              addresses(one, "guardians"),
              Duration.ofSeconds(one.requireInt("delay"))));
    }
    if (governances.isEmpty()) {
      throw map.fault("governances", "none");
    }
    Set<RevocationId> revoked = new TreeSet<>();
    for (CborValue item : map.requireList("revoked", TrustState.MAX_REVOKED)) {
      if (!(item instanceof CborValue.CborBytes id)) {
        throw map.fault("revoked", "expected bytes");
      }
      revoked.add(new RevocationId(Bytes32.of(id.value())));
    }
    LedgerRef ref = new LedgerRef(
        map.requireInt("chain", 1, Long.MAX_VALUE),
        EvmAddress.of(map.requireBytes("contract", EvmAddress.LENGTH)));
    return new TrustState(
        new VaultId(map.requireBytes32("vault")),
        ref,
        map.requireBytes32("code"),
        governances,
        map.requireInt("epoch"),
        map.requireBytes32("root"),
        map.requireInstant("notAfter"),
        map.requireInstant("floor"),
        revoked);
  }

  private static CborValue bytes(Bytes32 value) {
    return CborValue.of(value.toArray());
  }

  private static CborValue addresses(List<EvmAddress> all) {
    return CborValue.of(all.stream().map(each -> CborValue.of(each.toArray())).toList());
  }

  private static List<EvmAddress> addresses(MapReader map, String key)
      throws MalformedCborException {
    List<EvmAddress> all = new ArrayList<>();
    for (CborValue item : map.requireList(key, MAX_PARTIES)) {
      if (!(item instanceof CborValue.CborBytes bytes)) {
        throw map.fault(key, "expected bytes");
      }
      all.add(EvmAddress.of(bytes.value()));
    }
    return all;
  }
}

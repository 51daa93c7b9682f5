package io.dvault.cli;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.DagCbor;
import io.dvault.cbor.MalformedCborException;
import io.dvault.cbor.MapReader;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.LedgerRef;
import io.dvault.model.Bytes32;
import io.dvault.model.VaultId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is kept of a plan that found nothing to do. Its file is dag-cbor behind its own SHA-256.
 *
 * @param by which program said it, to what terminal
 * @param repository {@link io.dvault.git.Glance#repository}
 * @param files hash of all files of the vault
 * @param chain hash of what the contract held
 * @param from when it was said
 * @param until before it a rule looks again
 * @param text the words on the screen
 * @param place whom to ask whether the chain is still the same
 */
record SteadyFile(
    Bytes32 by,
    Bytes32 repository,
    Bytes32 files,
    Bytes32 chain,
    Instant from,
    Instant until,
    String text,
    Place place) {
  static final int LONGEST_TEXT = 32 << 10;
  private static final int LARGEST = 64 << 10;
  private static final int LONGEST_URL = 4 << 10;
  private static final int MOST_URLS = 16;
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

  SteadyFile {
    until = until.isBefore(LAST) ? until : LAST;
  }

  /**
   * What {@code vault.yaml} says of the chain.
   *
   * @param marker SHA-256 of that file: while it is the same, so is what it says
   * @param rpc as in {@code chain.rpc}
   */
  record Place(Bytes32 marker, LedgerRef ref, VaultId vault, List<String> rpc) {
    Place {
      rpc = List.copyOf(rpc);
    }
  }

  /** @param root the vault's folder: each clone has a file of its own */
  private static String name(Path root) {
    return "steady-" + Bytes32.sha256(root.toString()).hex().substring(0, 32);
  }

  /** Empty when nothing is kept of this clone, or the file is damaged or somebody else's. */
  static Optional<SteadyFile> find(UserCache cache, Path root) {
    Optional<byte[]> file = cache.read(name(root), LARGEST).filter(all -> all.length > Bytes32.LENGTH);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    byte[] body = Arrays.copyOfRange(file.get(), Bytes32.LENGTH, file.get().length);
    if (!Arrays.equals(Bytes32.sha256(body).toArray(), Arrays.copyOf(file.get(), Bytes32.LENGTH))) {
      return Optional.empty();
    }
    try {
      return Optional.of(decode(body));
    } catch (MalformedCborException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** And if that fails, nothing is remembered. */
  void write(UserCache cache, Path root) {
    byte[] body = encode();
    byte[] all = Arrays.copyOf(Bytes32.sha256(body).toArray(), Bytes32.LENGTH + body.length);
    System.arraycopy(body, 0, all, Bytes32.LENGTH, body.length);
    cache.write(name(root), all);
  }

  private byte[] encode() {
    return DagCbor.encode(CborValue.of(Map.ofEntries(
        Map.entry("v", CborValue.of(2)),
        Map.entry("by", CborValue.of(by.toArray())),
        Map.entry("repository", CborValue.of(repository.toArray())),
        Map.entry("files", CborValue.of(files.toArray())),
        Map.entry("chain", CborValue.of(chain.toArray())),
        Map.entry("from", CborValue.of(from.getEpochSecond())),
        Map.entry("until", CborValue.of(until.getEpochSecond())),
        Map.entry("text", CborValue.of(text)),
        Map.entry("marker", CborValue.of(place.marker().toArray())),
        Map.entry("chainId", CborValue.of(place.ref().chainId())),
        Map.entry("contract", CborValue.of(place.ref().contract().toArray())),
        Map.entry("vault", CborValue.of(place.vault().bytes().toArray())),
        Map.entry("rpc", CborValue.of(String.join("\n", place.rpc()))))));
  }

  private static SteadyFile decode(byte[] body) throws MalformedCborException {
    MapReader map = MapReader.of(DagCbor.decode(body), "steady plan", "v", "by", "repository", "files", "chain", "from",
        "until", "text", "marker", "chainId", "contract", "vault", "rpc");
    map.requireInt("v", 2, 2);
    Place place = new Place(
        map.requireBytes32("marker"),
        new LedgerRef(map.requireInt("chainId"),
            EvmAddress.of(map.requireBytes("contract", EvmAddress.LENGTH))),
        new VaultId(map.requireBytes32("vault")),
        List.of(map.requireText("rpc", MOST_URLS * LONGEST_URL).split("\n")));
    return new SteadyFile(map.requireBytes32("by"), map.requireBytes32("repository"), map.requireBytes32("files"),
        map.requireBytes32("chain"), map.requireInstant("from"), map.requireInstant("until"),
        map.requireText("text", LONGEST_TEXT), place);
  }
}

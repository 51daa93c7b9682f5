package io.dvault.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dvault.disk.Checkpoint;
import io.dvault.disk.DurableFiles;
import io.dvault.ledger.Anchor;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.Governance;
import io.dvault.ledger.LedgerRef;
import io.dvault.model.Bytes32;
import io.dvault.model.DiagnosticException;
import io.dvault.model.RevocationId;
import io.dvault.model.VaultId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustStoreTest {
  private static final EvmAddress APPROVER = EvmAddress.parse("0x" + "11".repeat(20));
  private static final Governance GOVERNANCE =
      new Governance(List.of(APPROVER), 1, List.of(APPROVER), Duration.ofHours(2));

  @TempDir
  Path folder;

  private static TrustState state() {
    Anchor anchor = new Anchor(
        "fleet",
        new VaultId(Bytes32.sha256("v")),
        new LedgerRef(1, APPROVER),
        Bytes32.sha256("c"),
        List.of("https://rpc.example"),
        1,
        List.of(),
        1,
        GOVERNANCE);
    RevocationId id = new RevocationId(Bytes32.sha256("r"));
    TrustState state = TrustState.pinned(anchor, Instant.ofEpochSecond(1_795_000_000));
    for (int version = 2; version < 12; version++) {
      state = state.withGovernance(version, GOVERNANCE);
    }
    return state
        .following(7, Bytes32.sha256("root"), Instant.ofEpochSecond(1_800_000_000))
        .revoking(Set.of(id), Set.of(id));
  }

  @Test
  @Tag("G5")
  void read_written_isTheSame() throws IOException {
    TrustStore store = new TrustStore(folder.resolve("trust"), new DurableFiles(Checkpoint.NONE));
    store.write(state());
    assertEquals(state(), store.read());
    assertEquals(11, store.read().governanceVersion());
    assertEquals(TrustState.MAX_GOVERNANCES, store.read().governances().size());
  }

  @Test
  @Tag("T23")
  void read_anyByteChangedOrAnyLengthCut_isRefused() throws IOException {
    Path file = folder.resolve("trust");
    TrustStore store = new TrustStore(file, new DurableFiles(Checkpoint.NONE));
    store.write(state());
    byte[] good = Files.readAllBytes(file);
    for (int at = 0; at < good.length; at++) {
      byte[] bad = good.clone();
      bad[at] ^= 0x40;
      Files.write(file, bad);
      assertEquals(
          "DV520",
          assertThrows(DiagnosticException.class, store::read)
              .diagnostics()
              .getFirst()
              .code());
      Files.write(file, Arrays.copyOf(good, at));
      assertThrows(DiagnosticException.class, store::read);
    }
  }

  @Test
  void notBefore_earlier_neverGoesBack() {
    TrustState state = state();
    assertEquals(state, state.notBefore(state.floor().minusSeconds(1)));
    assertEquals(
        state.floor().plusSeconds(1),
        state.notBefore(state.floor().plusSeconds(1)).floor());
  }
}

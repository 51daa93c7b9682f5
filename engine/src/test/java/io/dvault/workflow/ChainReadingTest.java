package io.dvault.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvault.ledger.BlockStamp;
import io.dvault.ledger.Head;
import io.dvault.ledger.Ledger;
import io.dvault.model.Bytes32;
import io.dvault.model.RevocationId;
import io.dvault.model.VaultId;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How much the chain is asked for what guardians revoked. */
class ChainReadingTest {
  private static final VaultId VAULT = new VaultId(Bytes32.sha256("vault"));
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private Set<RevocationId> gone = Set.of();
  private int blocks;

  /** A chain whose revocations stand in {@link #blocks} blocks. */
  private Ledger ledger() {
    Class<?>[] ledger = {Ledger.class};
    return (Ledger) Proxy.newProxyInstance(
        getClass().getClassLoader(), ledger, (proxy, method, arguments) -> {
          if (method.getName().equals("findRevocations")) {
            boolean few = blocks <= (int) arguments[1];
            asked.add(few ? "all" : "nothing");
            return few ? Optional.of(gone) : Optional.empty();
          }
          assertEquals("revoked", method.getName());
          @SuppressWarnings("unchecked")
          Collection<RevocationId> ids = (Collection<RevocationId>) arguments[1];
          asked.add(ids.size() + " ids");
          return ids.stream().filter(gone::contains).collect(Collectors.toSet());
        });
  }

  private static RevocationId id(int n) {
    return new RevocationId(Bytes32.sha256("id " + n));
  }

  private static List<RevocationId> ids(int count) {
    return IntStream.range(0, count).mapToObj(ChainReadingTest::id).toList();
  }

  private Set<RevocationId> revoked(int count) {
    Head head = new Head(
        VAULT,
        1,
        Bytes32.ZERO,
        Instant.EPOCH,
        1,
        false,
        1,
        1,
        blocks == 0 ? 0 : 7,
        new BlockStamp(9, Bytes32.ZERO, Instant.EPOCH));
    return ChainReading.revoked(ledger(), head, ids(count));
  }

  @Test
  void revoked_nothingEver_asksForNoId() {
    assertEquals(Set.of(), revoked(5_000));
    assertEquals(List.of("all"), asked);
  }

  @Test
  void revoked_fewActsOfGuardiansAndManyIds_readsTheActs() {
    gone = Set.of(id(1), id(4_000), id(9_999));
    blocks = 3;
    assertEquals(Set.of(id(1), id(4_000)), revoked(5_000));
    assertEquals(List.of("all"), asked);
  }

  @Test
  void revoked_moreActsThanQuestions_asksForEachId() {
    gone = Set.of(id(1), id(4_000));
    blocks = 6;
    assertEquals(gone, revoked(5_000));
    assertEquals(
        List.of("1000 ids", "1000 ids", "1000 ids", "500 ids", "500 ids", "1000 ids").stream()
            .sorted()
            .toList(),
        asked.stream().filter(each -> !each.equals("nothing")).sorted().toList());
  }

  @Test
  void revoked_fewIds_asksForThem() {
    gone = Set.of(id(1));
    blocks = 1;
    assertEquals(gone, revoked(2));
    assertEquals(List.of("nothing", "2 ids"), asked);
  }
}

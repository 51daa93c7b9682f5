package io.dvault.registry;

import static io.dvault.registry.AuthorityStatus.ACTIVE;
import static io.dvault.registry.AuthorityStatus.PREPARED;
import static io.dvault.registry.AuthorityStatus.REVOKED;
import static io.dvault.registry.AuthorityStatus.TAINTED;
import static io.dvault.registry.Vaults.COMMIT;
import static io.dvault.registry.Vaults.authorities;
import static io.dvault.registry.Vaults.authority;
import static io.dvault.registry.Vaults.commit;
import static io.dvault.registry.Vaults.device;
import static io.dvault.registry.Vaults.deviceEntry;
import static io.dvault.registry.Vaults.entry;
import static io.dvault.registry.Vaults.entryId;
import static io.dvault.registry.Vaults.first;
import static io.dvault.registry.Vaults.generation;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.DagCbor;
import io.dvault.cbor.MalformedCborException;
import io.dvault.dag.MemoryBlockStore;
import io.dvault.model.AuthorityId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ActsTest {
  private final MemoryBlockStore store = new MemoryBlockStore();

  private static Acts acts(int authorities) {
    List<AuthorityAct> list = new ArrayList<>();
    for (int i = 0; i < authorities; i++) {
      list.add(new AuthorityAct(authority("ca-" + i), 1, AuthorityAction.ACTIVATE));
    }
    return new Acts(
        COMMIT, "apply", list, counts(Map.of(KeyAction.ISSUE, 100_000L, KeyAction.REVOKE, 3L)));
  }

  private static TreeMap<String, Map<KeyAction, Long>> counts(Map<KeyAction, Long> counts) {
    return new TreeMap<>(Map.of("SshCertificate", counts));
  }

  @Test
  void decode_encoded_isTheSame() throws Exception {
    assertEquals(acts(5), Acts.decode(acts(5).encode()));
    Acts empty = new Acts("", "apply", List.of(), new TreeMap<>());
    assertEquals(empty, Acts.decode(empty.encode()));
  }

  @Test
  void encode_twentyAuthorityActs_fitAndMoreAreRefused() {
    assertTrue(acts(18).encode().length <= Acts.MAX_LENGTH);
    assertThrows(IllegalArgumentException.class, () -> acts(30).encode());
    assertThrows(MalformedCborException.class, () -> Acts.decode(new byte[Acts.MAX_LENGTH + 1]));
  }

  @Test
  @Tag("T15")
  void decode_otherThanEncoded_isRefusedByPlace() {
    CborValue act =
        CborValue.of(List.of(CborValue.of(new byte[32]), CborValue.of(1), CborValue.of("revoke")));
    refused("acts.v", "v", CborValue.of(2));
    refused("not a git commit", "commit", CborValue.of("x"));
    refused("not a reason", "reason", CborValue.of("Because"));
    refused("ascending", "authorities", CborValue.of(List.of(act, act)));
    refused("expected [authority", "authorities", CborValue.of(List.of(CborValue.NULL)));
    refused(
        "unknown action",
        "authorities",
        CborValue.of(List.of(CborValue.of(
            List.of(CborValue.of(new byte[32]), CborValue.of(1), CborValue.of("hide"))))));
    refused(
        "expected [authority",
        "authorities",
        CborValue.of(List.of(CborValue.of(
            List.of(CborValue.of(new byte[32]), CborValue.of(0), CborValue.of("revoke"))))));
    refused("over zero", "keys", CborValue.of(Map.of("Token", CborValue.of(Map.of()))));
    refused(
        "from 1 to",
        "keys",
        CborValue.of(Map.of("Token", CborValue.of(Map.of("issue", CborValue.of(0))))));
    refused(
        "unknown key",
        "keys",
        CborValue.of(Map.of("Token", CborValue.of(Map.of("keep", CborValue.of(1))))));
    refused("unknown key", "note", CborValue.of("hello"));
  }

  private static void refused(String reason, String key, CborValue value) {
    MalformedCborException refused = assertThrows(MalformedCborException.class, () -> {
      Map<String, CborValue> map =
          new HashMap<>(((CborMap) DagCbor.decode(acts(1).encode())).entries());
      map.put(key, value);
      Acts.decode(DagCbor.encode(CborValue.of(map)));
    });
    assertTrue(refused.getMessage().contains(reason), refused.getMessage());
  }

  @Test
  @Tag("O1")
  void of_twoTrees_countsEachKeyActAndNamesEachAuthorityAct() {
    Registry before = first(store, 10);
    RegistryEditor editor = before
        .edit()
        .put(deviceEntry(0, 2)) // rotate
        .put(deviceEntry(1, 2)) // rotate
        .put(DeviceEntry.of(
            device(2),
            Map.of(
                entryId(2, "host"), entry(Vaults.KIND, 1, EntryStatus.REVOKED), // revoke
                entryId(2, "second"), entry("Token", 1, EntryStatus.ACTIVE)))) // issue
        .remove(device(3)) // remove
        .put(deviceEntry(10, 1)) // issue
        .authorities(
            authorities(generation(1, TAINTED), generation(2, ACTIVE), generation(3, PREPARED)));
    Registry after = commit(store, editor, Optional.of(before));
    Acts acts = Acts.of(RegistryDiff.between(Optional.of(before), after), COMMIT, "rotate");
    AuthorityId fleet = authority("fleet");
    assertEquals(
        new Acts(
            COMMIT,
            "rotate",
            List.of(
                new AuthorityAct(fleet, 1, AuthorityAction.TAINT),
                new AuthorityAct(fleet, 2, AuthorityAction.ACTIVATE),
                new AuthorityAct(fleet, 3, AuthorityAction.PREPARE)),
            new TreeMap<>(Map.of(
                Vaults.KIND,
                Map.of(
                    KeyAction.ISSUE,
                    1L,
                    KeyAction.ROTATE,
                    2L,
                    KeyAction.REVOKE,
                    1L,
                    KeyAction.REMOVE,
                    1L),
                "Token",
                Map.of(KeyAction.ISSUE, 1L)))),
        acts);
  }

  @Test
  void of_firstTree_countsEverythingAsIssued() {
    Acts acts = Acts.of(RegistryDiff.between(Optional.empty(), first(store, 700)), "", "init");
    assertEquals(counts(Map.of(KeyAction.ISSUE, 700L)), acts.keys());
    assertEquals(
        List.of(new AuthorityAct(authority("fleet"), 1, AuthorityAction.ACTIVATE)),
        acts.authorities());
  }

  @Test
  @Tag("T36")
  void matchesAuthorities_hiddenOrChangedAct_doesNotMatch() {
    Registry before = first(store, 3);
    Registry after = commit(
        store,
        before.edit().authorities(authorities(generation(1, REVOKED), generation(2, ACTIVE))),
        Optional.of(before));
    RegistryDiff diff = RegistryDiff.between(Optional.of(before), after);
    Acts honest = Acts.of(diff, COMMIT, "compromise");
    assertTrue(honest.matchesAuthorities(diff));
    AuthorityId fleet = authority("fleet");
    List<List<AuthorityAct>> lies = List.of(
        List.of(),
        honest.authorities().subList(0, 1),
        honest.authorities().subList(1, 2),
        List.of(
            new AuthorityAct(fleet, 1, AuthorityAction.TAINT),
            honest.authorities().get(1)),
        List.of(
            honest.authorities().get(0),
            new AuthorityAct(authority("other"), 2, AuthorityAction.ACTIVATE)),
        List.of(
            honest.authorities().get(0),
            honest.authorities().get(1),
            new AuthorityAct(fleet, 3, AuthorityAction.PREPARE)));
    for (List<AuthorityAct> lie : lies) {
      assertFalse(
          new Acts(COMMIT, "apply", lie, honest.keys()).matchesAuthorities(diff), lie.toString());
    }
  }

  @Test
  @Tag("T36")
  void authorities_anyDifference_isAnAct() {
    AuthorityRecord one = generation(1, ACTIVE);
    AuthorityRecord otherKey = new AuthorityRecord(1, "ssh", new byte[] {99}, ACTIVE, Vaults.NOW);
    assertEquals(
        List.of(AuthorityAction.REPLACE), actions(authorities(one), authorities(otherKey)));
    assertEquals(List.of(AuthorityAction.REMOVE), actions(authorities(one), new TreeMap<>()));
    assertEquals(
        List.of(AuthorityAction.REVOKE),
        actions(authorities(one), authorities(generation(1, REVOKED))));
    assertEquals(List.of(), actions(authorities(one), authorities(one)));
  }

  private List<AuthorityAction> actions(
      TreeMap<AuthorityId, List<AuthorityRecord>> old,
      TreeMap<AuthorityId, List<AuthorityRecord>> now) {
    Registry before = commit(store, RegistryEditor.empty().authorities(old), Optional.empty());
    Registry after = commit(store, before.edit().authorities(now), Optional.of(before));
    return RegistryDiff.between(Optional.of(before), after).authorities().stream()
        .map(change -> change.act().action())
        .toList();
  }

  @Test
  void of_randomTrees_addsUpToTheDifference() {
    Random random = new Random(31);
    Registry before = first(store, 200);
    for (int round = 0; round < 10; round++) {
      RegistryEditor editor = before.edit();
      EnumMap<KeyAction, Long> expected = new EnumMap<>(KeyAction.class);
      for (int i = 0; i < 200; i++) {
        Optional<EntryRecord> was = before
            .findDevice(device(i))
            .map(entries -> entries.entries().values().iterator().next());
        int choice = random.nextInt(8);
        if (choice == 0) {
          editor.put(deviceEntry(i, 100 + round));
          boolean active =
              was.filter(entry -> entry.status() == EntryStatus.ACTIVE).isPresent();
          expected.merge(active ? KeyAction.ROTATE : KeyAction.ISSUE, 1L, Long::sum);
        } else if (choice == 1) {
          EntryRecord revoked = entry(Vaults.KIND, 100 + round, EntryStatus.REVOKED);
          editor.put(DeviceEntry.of(device(i), Map.of(entryId(i, "host"), revoked)));
          expected.merge(KeyAction.REVOKE, 1L, Long::sum);
        } else if (choice == 2 && was.isPresent()) {
          editor.remove(device(i));
          expected.merge(KeyAction.REMOVE, 1L, Long::sum);
        }
      }
      Registry after = commit(store, editor, Optional.of(before));
      RegistryDiff diff = RegistryDiff.between(Optional.of(before), after);
      assertEquals(counts(expected), Acts.of(diff, "", "apply").keys());
      assertEquals(
          expected.values().stream().mapToLong(Long::longValue).sum(),
          diff.devices().size());
      assertFalse(diff.rulesChanged());
      before = after;
    }
  }
}

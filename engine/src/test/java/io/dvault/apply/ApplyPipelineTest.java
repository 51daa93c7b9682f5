package io.dvault.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.apply.ApplyCheckpoint.Step;
import io.dvault.bundle.SealedBundle;
import io.dvault.cbor.CborValue.CborText;
import io.dvault.ledger.EvmSigner;
import io.dvault.ledger.LedgerEvent;
import io.dvault.ledger.testing.VaultFixture;
import io.dvault.model.DeviceId;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.EntryId;
import io.dvault.plan.Plan;
import io.dvault.plan.PlanInput;
import io.dvault.plan.Planner;
import io.dvault.plan.RegistrySnapshot;
import io.dvault.registry.Acts;
import io.dvault.registry.EntryRecord;
import io.dvault.registry.KeyAction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class ApplyPipelineTest {
  @TempDir
  Path folder;

  /** The process ends here, as after kill -9: nothing below runs, the OS drops its locks. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private static ApplyCheckpoint killAt(Step step) {
    return at -> {
      if (at == step) {
        throw new Killed();
      }
    };
  }

  @Test
  void apply_firstPlan_commitsWhatTheDeviceOpens() throws Exception {
    try (ApplyVault vault = ApplyVault.create(folder, 1)) {
      Plan plan = vault.plan();
      assertEquals(2, plan.issues());
      ApplyPipeline.Outcome.Committed outcome = assertInstanceOf(
          ApplyPipeline.Outcome.Committed.class, vault.apply(ApplyCheckpoint.NONE));
      assertEquals("2 issued", outcome.tally().toString());
      assertTrue(outcome.done().gasUsed() > 21_000);

      RegistrySnapshot after = vault.snapshot();
      DeviceId device = vault.device.recipient().deviceId();
      Map<EntryId, EntryRecord> entries = after.devices().get(device).entries();
      assertEquals(2, entries.size());
      entries.forEach((id, record) -> {
        byte[] sealed = vault.blocks.get(record.sealed().orElseThrow()).bytes();
        SealedBundle.Expected place = new SealedBundle.Expected(
            vault.id, device, id, record.generation(), record.validity(), record.kind(), 1);
        SealedBundle.Result.Opened opened = assertInstanceOf(
            SealedBundle.Result.Opened.class, SealedBundle.open(sealed, vault.device, place));
        CborText address = (CborText) opened.payload().install().find("address").orElseThrow();
        assertEquals(record.kind() + "/robot@drone-1", address.value());
      });
      assertTrue(vault.plan().isEmpty(), "a plan after apply is empty");
    }
  }

  @Test
  @Tag("S7")
  @Tag("O1")
  void apply_acts_tellTheActsFromTheChainAlone() throws Exception {
    try (ApplyVault vault = ApplyVault.create(folder, 1)) {
      vault.apply(ApplyCheckpoint.NONE);
      List<LedgerEvent.Committed> history = vault.ledger.history(vault.head(), 10);
      Acts acts = Acts.decode(history.getFirst().commit().acts());
      assertEquals(Map.of(KeyAction.ISSUE, 1L), acts.keys().get("SshKey"));
      assertEquals(Map.of(KeyAction.ISSUE, 1L), acts.keys().get("AuthorizedKeys"));
      assertEquals(
          vault.approver().address(), history.getFirst().approvals().getFirst().signer());
    }
  }

  /** A kill at any step, then a rerun, ends as one apply without a kill: one commit, each entry issued once. */
  @TestFactory
  @Tag("T29")
  @Tag("S2")
  Stream<DynamicTest> apply_killedAtAStepThenRerun_issuesOnce() {
    return Stream.of(Step.values())
        .map(step -> DynamicTest.dynamicTest(step.name(), () -> {
          Path own = Files.createDirectory(folder.resolve(step.name()));
          try (ApplyVault vault = ApplyVault.create(own, 1)) {
            assertThrows(Killed.class, () -> vault.apply(killAt(step)));
            List<Recovery.Found> found = Recovery.finish(
                vault.journals(), vault.ledger, vault.id, vault::writer, Instant.now());
            ChangeCounts tally = new ChangeCounts(2, 0, 0, 0, false);
            switch (step) {
              case SEND -> assertEquals(List.of(new Recovery.Found.Resumed(1, tally)), found);
              case CLEAN_UP -> assertEquals(List.of(new Recovery.Found.Committed(1, tally)), found);
              default -> {
                assertEquals(List.of(new Recovery.Found.NothingApproved()), found);
                vault.apply(ApplyCheckpoint.NONE);
              }
            }
            assertEquals(1, vault.head().epoch());
            assertTrue(vault.plan().isEmpty());
            vault
                .snapshot()
                .devices()
                .values()
                .forEach(device -> device
                    .entries()
                    .values()
                    .forEach(record -> assertEquals(1, record.generation())));
            assertTrue(leftJournals(vault).isEmpty());
            assertTrue(Recovery.finish(
                    vault.journals(), vault.ledger, vault.id, vault::writer, Instant.now())
                .isEmpty());
          }
        }));
  }

  @Test
  @Tag("T29")
  void finish_commitOfAnHourAgo_isNotSentAnyMore() throws Exception {
    try (ApplyVault vault = ApplyVault.create(folder, 1)) {
      assertThrows(Killed.class, () -> vault.apply(killAt(Step.SEND)));
      Instant later = Instant.now().plusSeconds(3600);
      assertEquals(
          List.of(new Recovery.Found.GivenUp(1, "it is older than 10m")),
          Recovery.finish(vault.journals(), vault.ledger, vault.id, vault::writer, later));
      assertEquals(0, vault.head().epoch());
    }
  }

  @Test
  @Tag("T29")
  void finish_somebodyElseCommittedMeanwhile_givesItUp() throws Exception {
    try (ApplyVault vault = ApplyVault.create(folder, 1)) {
      assertThrows(Killed.class, () -> vault.apply(killAt(Step.SEND)));
      vault.apply(ApplyCheckpoint.NONE); // another engine, which does not see this journal
      assertEquals(
          List.of(new Recovery.Found.GivenUp(1, "another commit took that epoch")),
          Recovery.finish(vault.journals(), vault.ledger, vault.id, vault::writer, Instant.now()));
      assertEquals(1, vault.head().epoch());
    }
  }

  private static List<Path> leftJournals(ApplyVault vault) throws IOException {
    try (Stream<Path> files = Files.list(vault.journals())) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("journal-"))
          .toList();
    }
  }

  /** 50 races of two engines: one wins, the other says so; the head has grown by one each time. */
  @Test
  @Tag("T12")
  @Tag("S4")
  void apply_twoEnginesAtOnce_oneWinsTheOtherHasChangedNothing() throws Exception {
    try (ApplyVault vault = ApplyVault.create(folder, 1);
        ExecutorService both = Executors.newFixedThreadPool(2)) {
      for (int race = 1; race <= 50; race++) {
        vault.declareKeys("key-" + race);
        CyclicBarrier start = new CyclicBarrier(2);
        List<Object> results = Collections.synchronizedList(new ArrayList<>());
        Callable<Object> engine = () -> {
          PlanInput input = vault.input(vault.snapshot());
          Plan plan = Planner.plan(input);
          start.await();
          try {
            return vault
                .applier(ApplyCheckpoint.NONE)
                .apply(input, plan, List.of(vault.approver()), "apply");
          } catch (DiagnosticException e) {
            return e.diagnostics().getFirst();
          }
        };
        List<Future<Object>> running = List.of(both.submit(engine), both.submit(engine));
        for (Future<Object> each : running) {
          results.add(each.get());
        }
        assertEquals(
            1,
            results.stream()
                .filter(ApplyPipeline.Outcome.Committed.class::isInstance)
                .count(),
            results::toString);
        Diagnostic lost = (Diagnostic)
            results.stream().filter(Diagnostic.class::isInstance).findFirst().orElseThrow();
        assertEquals("DV301", lost.code(), lost::toString);
        assertTrue(
            lost.detail()
                .getFirst()
                .startsWith("You planned on epoch " + (race - 1) + "; epoch " + race),
            lost::toString);
        assertEquals(race, vault.head().epoch());
      }
      assertTrue(leftJournals(vault).isEmpty());
    }
  }

  @Test
  @Tag("O10")
  void apply_withAKeyThatIsNoApprover_isRefusedAndChangesNothing() throws Exception {
    try (ApplyVault vault = ApplyVault.create(folder, 1)) {
      PlanInput input = vault.input(vault.snapshot());
      List<EvmSigner> stranger = VaultFixture.newKeys(1);
      DiagnosticException refused = assertThrows(
          DiagnosticException.class,
          () -> vault
              .applier(ApplyCheckpoint.NONE)
              .apply(input, Planner.plan(input), stranger, "apply"));
      assertEquals("DV304", refused.diagnostics().getFirst().code());
      assertEquals(0, vault.head().epoch());
      assertTrue(vault.blocks.all().isEmpty());
    }
  }

  @Test
  @Tag("O10")
  @Tag("O17")
  @Tag("S9")
  void apply_withOneOfTwoApprovers_leavesAProposal() throws Exception {
    try (ApplyVault vault = ApplyVault.create(folder, 2)) {
      ApplyPipeline.Outcome.Proposed proposed =
          assertInstanceOf(ApplyPipeline.Outcome.Proposed.class, vault.apply(ApplyCheckpoint.NONE));
      assertEquals(1, proposed.missing());
      assertEquals(0, vault.head().epoch());
      Path file = folder.resolve("proposal.json");
      proposed.proposal().write(file);
      assertEquals(proposed.proposal(), Proposal.read(file));
    }
  }
}

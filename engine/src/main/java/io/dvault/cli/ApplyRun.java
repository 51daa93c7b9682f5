package io.dvault.cli;

import io.dvault.apply.Applier;
import io.dvault.apply.ApplyProgress;
import io.dvault.apply.CrashPoint;
import io.dvault.apply.Recovery;
import io.dvault.config.DesiredState;
import io.dvault.ledger.EvmSigner;
import io.dvault.ledger.Governance;
import io.dvault.ledger.LedgerWriter;
import io.dvault.ledger.evm.Eip712ApprovalVerifier;
import io.dvault.ledger.evm.EvmLedgerWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Supplier;

/** One vault with its keys, opened for a command that changes it. */
final class ApplyRun implements AutoCloseable {
  private final CommandContext context;
  private final Workspace workspace;
  private final VaultConnection connection;
  private final ChainKeys keys;
  private final AuthorityKeyring authorities;
  private final AdminSecrets secrets;
  private final Interruption interruption;

  /** @param commands whether the repository may have commands run here, for the values of tokens */
  ApplyRun(CommandContext context, Workspace workspace, KeyOptions keyOptions, String identity, boolean commands) {
    this.secrets = new AdminSecrets(context, workspace, AdminIdentity.path(context, identity), commands);
    this.context = context;
    this.workspace = workspace;
    DesiredState desired = workspace.desired();
    this.connection = VaultConnection.open(desired.vault()).keeping(UserCache.of(context));
    this.keys = new ChainKeys(context, keyOptions, desired.vault().chainId(), connection.endpoints());
    this.authorities = new AuthorityKeyring(workspace.view(), AdminIdentity.path(context, identity),
        workspace.plugins().authorityTypes(), desired.authorities());
    this.interruption = new Interruption(context.terminal(), context.interrupts());
  }

  /** What Ctrl-C does from here on. */
  Interruption interruption() {
    return interruption;
  }

  Workspace workspace() {
    return workspace;
  }

  VaultConnection connection() {
    return connection;
  }

  Path journals() {
    return workspace.root().resolve(".dvault");
  }

  /** Finishes what a killed apply left, and says what it found. */
  void recover() {
    for (Recovery.Found found : Recovery.finish(
        journals(), connection.ledger(), connection.vault(), writer(), context.clock().instant())) {
      context.terminal().println(switch (found) {
        case Recovery.Found.NothingApproved nothing -> "Found an apply that was interrupted before its commit:"
            + " nothing of it was committed, and it starts over.";
        case Recovery.Found.Committed committed -> "Found what an interrupted apply had committed: epoch "
            + committed.epoch() + ", " + committed.tally() + ".";
        case Recovery.Found.Resumed resumed -> "Finished what an interrupted apply had approved: epoch "
            + resumed.epoch() + ", " + resumed.tally() + ".";
        case Recovery.Found.GivenUp given -> "Found an apply that was interrupted before it could commit epoch "
            + given.epoch() + ": " + given.why() + ", so nothing of it was committed, and it starts over.";
      });
      context.terminal().println("");
    }
  }

  /**
   * Named approvers as they are; a devnet's default one only if it approves here. When they are enough to commit, the gas
   * key is opened too, so that a missing one is found before anything is issued.
   */
  List<EvmSigner> approvers() {
    Governance governance = connection.ledger().governance(connection.vault());
    List<EvmSigner> signers = keys.approversAreChosen()
        ? keys.approvers()
        : keys.approvers().stream().filter(signer -> governance.approvers().contains(signer.address())).toList();
    if (signers.size() >= governance.threshold()) {
      keys.gas();
    }
    return signers;
  }

  EvmSigner gas() {
    return keys.gas();
  }

  Supplier<LedgerWriter> writer() {
    return () -> EvmLedgerWriter.open(connection.endpoints(), connection.ledger().ref(), keys.gas());
  }

  /** Told of each step of a command that commits: ends it there when somebody asked to, or a test does. */
  CrashPoint steps() {
    return step -> {
      interruption.before(step);
      workspace.timings().begin(step);
      context.crash().before(step);
    };
  }

  Applier applier(ApplyScreen screen) {
    Applier.Connections connections = new Applier.Connections(connection.ledger(), writer(),
        new Eip712ApprovalVerifier(), connection.stores(), connection.gateways(), connection.blocks());
    Applier.Issuers issuers = new Applier.Issuers(workspace.plugins().entryKinds(), authorities::get, secrets, SecureRandom::new);
    CrashPoint steps = steps();
    CrashPoint shown = step -> {
      steps.before(step);
      screen.before(step);
    };
    return new Applier(connections, issuers, journals(), context.clock(), shown, stoppable(screen));
  }

  /** Long steps can be given up between two entries too. */
  private ApplyProgress stoppable(ApplyProgress screen) {
    return new ApplyProgress() {
      @Override
      public void issued(long done, long of) {
        interruption.check();
        screen.issued(done, of);
      }

      @Override
      public void readBack(long done, long of) {
        interruption.check();
        screen.readBack(done, of);
      }

      @Override
      public void published(long bytes, int stores, int gateways) {
        screen.published(bytes, stores, gateways);
      }
    };
  }

  @Override
  public void close() {
    interruption.close();
    authorities.close();
    keys.close();
    connection.close();
  }
}

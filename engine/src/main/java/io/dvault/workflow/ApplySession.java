package io.dvault.workflow;

import io.dvault.apply.ApplyCheckpoint;
import io.dvault.apply.ApplyPipeline;
import io.dvault.apply.ApplyProgress;
import io.dvault.apply.Recovery;
import io.dvault.desired.DesiredState;
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
public final class ApplySession implements AutoCloseable {
  private final RunEnvironment environment;
  private final ApplyListener listener;
  private final Workspace workspace;
  private final VaultConnection connection;
  private final ChainKeys keys;
  private final AuthorityKeyring authorities;
  private final AdminSecrets secrets;
  private final Interruption interruption;

  /**
   * @param identity the admin's age identity file; empty: {@link AdminIdentity#path}
   * @param commands whether the repository may have commands run here, for the values of tokens
   */
  public ApplySession(
      RunEnvironment environment,
      ApplyListener listener,
      Workspace workspace,
      KeyReferences references,
      String identity,
      boolean commands) {
    this.environment = environment;
    this.listener = listener;
    this.workspace = workspace;
    Path file = AdminIdentity.path(environment, identity);
    this.secrets = new AdminSecrets(environment, workspace, file, commands, listener::warning);
    DesiredState desired = workspace.desired();
    this.connection = VaultConnection.open(desired.vault()).keeping(UserCache.of(environment));
    this.keys =
        new ChainKeys(environment, references, desired.vault().chainId(), connection.endpoints());
    this.authorities = new AuthorityKeyring(
        workspace.view(), file, workspace.plugins().authorityTypes(), desired.authorities());
    this.interruption = new Interruption(listener::interrupted, environment.interrupts());
  }

  public RunEnvironment environment() {
    return environment;
  }

  public ApplyListener listener() {
    return listener;
  }

  /** What Ctrl-C does from here on. */
  public Interruption interruption() {
    return interruption;
  }

  public Workspace workspace() {
    return workspace;
  }

  public VaultConnection connection() {
    return connection;
  }

  Path journals() {
    return workspace.root().resolve(".dvault");
  }

  /** Finishes what a killed apply left. */
  public void recover() {
    Recovery.finish(
            journals(),
            connection.ledger(),
            connection.vault(),
            writer(),
            environment.clock().instant())
        .forEach(listener::recovered);
  }

  /**
   * Named approvers as they are; a devnet's default one only if it approves here. When they are
   * enough to commit, the gas
   * key is opened too, so that a missing one is found before anything is issued.
   */
  public List<EvmSigner> approvers() {
    Governance governance = connection.ledger().governance(connection.vault());
    List<EvmSigner> signers = keys.approversAreChosen()
        ? keys.approvers()
        : keys.approvers().stream()
            .filter(signer -> governance.approvers().contains(signer.address()))
            .toList();
    if (signers.size() >= governance.threshold()) {
      keys.gas();
    }
    return signers;
  }

  public EvmSigner gas() {
    return keys.gas();
  }

  public Supplier<LedgerWriter> writer() {
    return () ->
        EvmLedgerWriter.open(connection.endpoints(), connection.ledger().ref(), keys.gas());
  }

  /** Told of each step of a command that commits: ends it there when somebody asked to, or a test does. */
  public ApplyCheckpoint steps() {
    return step -> {
      interruption.before(step);
      workspace.timings().begin(step);
      environment.crash().before(step);
    };
  }

  public ApplyPipeline applier() {
    ApplyPipeline.Connections connections = new ApplyPipeline.Connections(
        connection.ledger(),
        writer(),
        new Eip712ApprovalVerifier(),
        connection.stores(),
        connection.gateways(),
        connection.blocks());
    ApplyPipeline.Issuers issuers = new ApplyPipeline.Issuers(
        workspace.plugins().entryKinds(), authorities::get, secrets, SecureRandom::new);
    ApplyCheckpoint steps = steps();
    ApplyCheckpoint shown = step -> {
      steps.before(step);
      listener.before(step);
    };
    return new ApplyPipeline(
        connections, issuers, journals(), environment.clock(), shown, stoppable());
  }

  /** Long steps can be given up between two entries too. */
  private ApplyProgress stoppable() {
    return new ApplyProgress() {
      @Override
      public void issued(long done, long of) {
        interruption.check();
        listener.issued(done, of);
      }

      @Override
      public void readBack(long done, long of) {
        interruption.check();
        listener.readBack(done, of);
      }

      @Override
      public void published(long bytes, int stores, int gateways) {
        listener.published(bytes, stores, gateways);
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

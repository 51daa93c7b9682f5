package io.dvault.workflow;

import io.dvault.ledger.EvmSigner;
import io.dvault.ledger.evm.EndpointSettings;
import io.dvault.ledger.evm.EvmKeys;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Opens the keys that options and environment name, or anvil's first one on a local devnet. Closes all at its end. */
public final class ChainKeys implements AutoCloseable {
  private static final String DEVNET_KEY = "devnet:0";

  private final RunEnvironment environment;
  private final KeyReferences references;
  private final long chainId;
  private final EndpointSettings endpoints;
  private final List<EvmSigner> opened = new ArrayList<>();
  private Optional<EvmSigner> gas = Optional.empty();

  public ChainKeys(
      RunEnvironment environment,
      KeyReferences references,
      long chainId,
      EndpointSettings endpoints) {
    this.environment = environment;
    this.references = references;
    this.chainId = chainId;
    this.endpoints = endpoints;
  }

  /** Whether the approvers were named, rather than taken because this is a devnet. */
  boolean approversAreChosen() {
    return !references.approvers().isEmpty()
        || environment.variable("DVAULT_APPROVER").isPresent();
  }

  /** Empty when none is named and this is no devnet. */
  public List<EvmSigner> approvers() {
    List<String> chosen = !references.approvers().isEmpty()
        ? references.approvers()
        : environment
            .variable("DVAULT_APPROVER")
            .map(List::of)
            .orElse(onDevnet() ? List.of(DEVNET_KEY) : List.of());
    return chosen.stream()
        .flatMap(each -> Stream.of(each.split(",")))
        .map(String::strip)
        .map(this::open)
        .toList();
  }

  /** Throws DV605 when there is none. */
  public EvmSigner gas() {
    String reference = !references.gas().isEmpty()
        ? references.gas()
        : environment.variable("DVAULT_GAS").orElse(onDevnet() ? DEVNET_KEY : "");
    if (reference.isEmpty()) {
      throw new DiagnosticException(
          Diagnostic.error(
              "DV605",
              "no key to pay for the transaction",
              "Add --gas keystore:FILE or --gas env:NAME, or set DVAULT_GAS.",
              "The account needs some of the chain's currency, and no rights in the vault. Nothing was changed."));
    }
    if (gas.isEmpty()) {
      gas = Optional.of(open(reference));
    }
    return gas.get();
  }

  private boolean onDevnet() {
    return chainId == EvmKeys.DEVNET_CHAIN_ID && endpoints.onLoopback();
  }

  private EvmSigner open(String reference) {
    Optional<Path> password = references.passwordFile().isEmpty()
        ? Optional.empty()
        : Optional.of(environment.resolve(references.passwordFile()));
    boolean relative = reference.startsWith("keystore:");
    String resolved = relative
        ? "keystore:" + environment.resolve(reference.substring("keystore:".length()))
        : reference;
    EvmSigner signer = EvmKeys.open(resolved, environment.secrets(), password, chainId, endpoints);
    opened.add(signer);
    return signer;
  }

  @Override
  public void close() {
    opened.forEach(EvmSigner::close);
  }
}

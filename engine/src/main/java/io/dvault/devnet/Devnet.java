package io.dvault.devnet;

import io.dvault.dag.BlockSource;
import io.dvault.gateway.server.TrustlessGateway;
import io.dvault.ledger.EvmSigner;
import io.dvault.ledger.evm.AnvilProcess;
import io.dvault.ledger.evm.ContractDeployment;
import io.dvault.ledger.evm.EvmKeys;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Anvil with the contract on it, and a gateway over a folder's blocks. Says where it is in {@code
 * .dvault/devnet.json}.
 */
public final class Devnet implements AutoCloseable {
  /**
   * @param folder the vault's folder, where {@code .dvault} is
   * @param rpcPort 0 for a free one
   * @param gatewayPort 0 for a free one
   * @param state file that keeps the chain between runs; empty for a chain that is forgotten
   * @param home dVault's home folder, where anvil is looked for when PATH has none
   */
  public record Options(
      Path folder, int rpcPort, int gatewayPort, Optional<Path> state, Optional<Path> home) {
    /** Free ports and nothing kept, for tests and demos. */
    public static Options forgotten(Path folder) {
      return new Options(folder, 0, 0, Optional.empty(), Optional.empty());
    }
  }

  private final Options options;
  private final AnvilProcess chain;
  private final TrustlessGateway gateway;
  private final DevnetInfo info;

  private Devnet(Options options, AnvilProcess chain, TrustlessGateway gateway, DevnetInfo info) {
    this.options = options;
    this.chain = chain;
    this.gateway = gateway;
    this.info = info;
  }

  /** @param blocks what the gateway serves; the caller closes it after the devnet */
  public static Devnet start(Options options, BlockSource blocks, Path blocksFolder) {
    requireFree("--rpc-port", options.rpcPort());
    requireFree("--gateway-port", options.gatewayPort());
    AnvilProcess chain = AnvilProcess.start(new AnvilProcess.Options(
        options.rpcPort(), options.state(), EvmKeys.DEVNET_CHAIN_ID, options.home()));
    try {
      ContractDeployment deployment;
      try (EvmSigner gas = EvmKeys.devnet(0, chain.chainId(), chain.endpoint())) {
        deployment = ContractDeployment.deploy(chain.endpoint(), gas);
      }
      TrustlessGateway gateway = TrustlessGateway.start(blocks, options.gatewayPort());
      DevnetInfo info = new DevnetInfo(
          chain.rpc(),
          chain.chainId(),
          deployment.ref().contract(),
          gateway.uri(),
          blocksFolder.toAbsolutePath());
      info.write(options.folder());
      return new Devnet(options, chain, gateway, info);
    } catch (RuntimeException e) {
      chain.close();
      throw e;
    }
  }

  /** Early and in words, before a chain is started; who takes the port a moment later is found by anvil itself. */
  private static void requireFree(String option, int port) {
    try (ServerSocket free = new ServerSocket()) {
      free.setReuseAddress(true);
      free.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new DiagnosticException(Diagnostic.error(
          "DV703",
          "port " + port + " is taken by another program",
          "Check for a running devnet, or choose another port (0 picks a free one): dvault devnet "
              + option + " 0"));
    }
  }

  public DevnetInfo info() {
    return info;
  }

  /** {@code anvil 1.7.1}. */
  public String version() {
    return chain.version();
  }

  public boolean isAlive() {
    return chain.isAlive();
  }

  @Override
  public void close() {
    stop();
  }

  /** Ends it; a second time does nothing. Any thread may. */
  public void stop() {
    try {
      DevnetInfo.forget(options.folder());
    } finally { // whatever became of the folder, no process is left behind
      gateway.close();
      chain.close();
    }
  }
}

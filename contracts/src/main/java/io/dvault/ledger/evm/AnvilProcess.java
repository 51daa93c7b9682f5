package io.dvault.ledger.evm;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** A local devnet: one anvil process on loopback, ended by {@link #close}. Errors: DV701 no binary, DV702 no start. */
public final class AnvilProcess implements AutoCloseable {

  /**
   * @param port 0 for a free one
   * @param state file that keeps the chain between runs; empty for a chain that is forgotten
   * @param home dVault's home folder, where the npm package's binary is looked up when PATH has no anvil
   */
  public record Options(int port, Optional<Path> state, long chainId, Optional<Path> home) {
    /** A free port, no state, chain 31337, home from the system property {@code dvault.home} or {@code dvault.root}. */
    public static Options defaults() {
      return new Options(0, Optional.empty(), EvmKeys.DEVNET_CHAIN_ID, Optional.empty());
    }
  }

  private AnvilProcess() {}

  public static AnvilProcess start(Options options) {
    throw new UnsupportedOperationException();
  }

  public URI rpc() {
    throw new UnsupportedOperationException();
  }

  public EndpointSettings endpoint() {
    return EndpointSettings.of(rpc());
  }

  public long chainId() {
    throw new UnsupportedOperationException();
  }

  /** {@code anvil 1.7.1}. */
  public String version() {
    throw new UnsupportedOperationException();
  }

  public boolean isAlive() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}

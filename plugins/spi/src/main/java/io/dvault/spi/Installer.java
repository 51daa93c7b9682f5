package io.dvault.spi;

import java.util.Set;

/**
 * Turns an opened entry into what the device should hold. Pure: it reads the request and returns values; the agent
 * alone touches the disk, after it has held every path, account and action against {@code agent.yaml}.
 */
public interface Installer {
  Set<String> entryKinds();

  /**
   * Throws {@link InstallException} when the material is not what the kind says it is (key does not
   * match certificate).
   */
  Installation install(InstallRequest request) throws InstallException;
}

package io.dvault.cli;

import io.dvault.plan.Guards;
import picocli.CommandLine.Option;

/** The flags that let a plan do what guards keep it from. */
final class GuardOptions {
  @Option(
      names = "--allow-removals",
      description = "Allow a plan that revokes more than half of the entries.")
  boolean removals;

  @Option(
      names = "--allow-protected",
      description = "Allow a plan that revokes entries with protect: true.")
  boolean protectedEntries;

  @Option(
      names = "--allow-no-way-in",
      description = "Allow a plan that leaves a device without a way to log in.")
  boolean noWayIn;

  @Option(
      names = "--allow-banned-keys",
      description =
          "Allow a plan that reissues a public key revoked as compromised or by a guardian.")
  boolean bannedKeys;

  Guards.Allowed allowed() {
    return new Guards.Allowed(removals, protectedEntries, noWayIn, bannedKeys);
  }
}

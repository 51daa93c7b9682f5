package io.dvault.cli;

import io.dvault.plan.Guards;
import picocli.CommandLine.Option;

/** The flags that let a plan do what guards keep it from. */
final class GuardOptions {
  @Option(
      names = "--allow-removals",
      description = "Go on though more than half of the entries are revoked.")
  boolean removals;

  @Option(
      names = "--allow-protected",
      description = "Go on though entries with protect: true are revoked.")
  boolean protectedEntries;

  @Option(
      names = "--allow-no-way-in",
      description = "Go on though a device is left with no way in.")
  boolean noWayIn;

  @Option(
      names = "--allow-banned-keys",
      description =
          "Go on though a public key comes back that was revoked as compromised, or by a guardian.")
  boolean bannedKeys;

  Guards.Allowed allowed() {
    return new Guards.Allowed(removals, protectedEntries, noWayIn, bannedKeys);
  }
}

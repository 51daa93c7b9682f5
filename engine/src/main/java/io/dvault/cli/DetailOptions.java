package io.dvault.cli;

import io.dvault.cli.view.PlanView.Detail;
import picocli.CommandLine.Option;

/** How much of a plan a person sees. */
final class DetailOptions {
  @Option(
      names = {"--full", "--all"},
      description = "Show every change separately.")
  boolean full;

  @Option(names = "--summary", description = "Show counts by kind and reason only.")
  boolean summary;

  Detail chosen() {
    return full ? Detail.FULL : summary ? Detail.SUMMARY : Detail.GROUPED;
  }
}

package io.dvault.plan;

/**
 * What an apply costs, roughly (docs/requirements.md P8). All zero when there is nothing to do.
 *
 * @param sealedBundles how many are published
 * @param bytes of sealed bundles and tree nodes
 */
public record Estimate(int transactions, long gas, int sealedBundles, long bytes) {}

/**
 * (desired, registry, now) to {@link io.dvault.plan.Plan}: pure, no I/O, no clock. Must not know YAML or the network.
 *
 * <p>Codes: DV201 stale plan, DV202 not a saved plan, DV203 plan of another vault, DV204 too many removals, DV205
 * removes a protected entry, DV206 leaves a device without a way to log in, DV207 a saved plan does not match what it
 * was made from, DV208 more changes than one commit holds, DV209 an authority's key that cannot sign, DV210 no such
 * entry, DV212 chain and registry disagree.
 */
package io.dvault.plan;

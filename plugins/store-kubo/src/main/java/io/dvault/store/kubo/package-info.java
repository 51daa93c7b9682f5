/**
 * Kubo as a block store, over its RPC: CAR import, pins, local reads. Must not know what the blocks mean. Diagnostics:
 * DV420 to DV426.
 *
 * <p>Kubo pins by root and follows every link of dag-cbor, so that the pin of a vault root holds its sealed bundles
 * and, through {@code prev}, the whole history: a garbage collection takes nothing of it. In turn a root can be pinned
 * only where all earlier roots are; a Kubo that joins late is filled first, oldest root first.
 */
package io.dvault.store.kubo;

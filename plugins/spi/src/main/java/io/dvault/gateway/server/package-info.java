/**
 * A trustless gateway inside the JVM: {@code /ipfs/{cid}?format=raw|car} over any block source. Must not know what the
 * blocks mean, nor any store. Diagnostics: DV430.
 */
package io.dvault.gateway.server;

/**
 * Blocks, block stores, the IPLD HashMap and CAR files, over strict dag-cbor. Must not know the network, sealed
 * bundles, or what the tree means.
 */
package io.dvault.dag;

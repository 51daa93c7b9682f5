/**
 * What a device says of itself after each cycle, and its signature. {@code
 * schemas/spec/receipt.md}. Knows {@code model},
 * {@code cbor} and {@code crypto}; must know neither files nor the network.
 */
package io.dvault.receipt;

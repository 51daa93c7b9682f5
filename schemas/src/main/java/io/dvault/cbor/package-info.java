/**
 * Strict dag-cbor and the CIDs that its links hold. A package of its own, below {@code dag} and {@code bundle}: both
 * write dag-cbor, and neither may know the other. Knows only {@code model}.
 */
package io.dvault.cbor;

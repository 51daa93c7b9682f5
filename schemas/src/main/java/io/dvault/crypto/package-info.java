/**
 * The one door to Ed25519, ChaCha20-Poly1305, HMAC and HKDF. Knows {@code model}, BouncyCastle's low-level API and the
 * platform's SHA-256; must not know any format.
 */
package io.dvault.crypto;

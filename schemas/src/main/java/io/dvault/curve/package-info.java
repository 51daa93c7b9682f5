/** The one door to Ed25519, by BouncyCastle. */
package io.dvault.curve;

/**
 * Ed25519 and the seal of hybrid recipients, by native code where there is some and many are wanted, else by
 * BouncyCastle. The one home of Conscrypt.
 */
package io.dvault.curve;

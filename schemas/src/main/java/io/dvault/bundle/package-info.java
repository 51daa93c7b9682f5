/**
 * Age v1 files, complete (hybrid and X25519 recipients), and the sealed bundle on top of them: payload, padding, and
 * the check that it lies where it belongs. Must not know dag, nor do I/O. Nothing here prints a secret.
 *
 * <p>Diagnostics: DV650 recipient is not post-quantum.
 */
package io.dvault.bundle;

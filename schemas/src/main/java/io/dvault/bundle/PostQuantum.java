package io.dvault.bundle;

/**
 * Whether what is sealed must withstand a quantum computer. The default everywhere is REQUIRED.
 * docs/threat-model.md T19.
 */
public enum PostQuantum {
  /** Hybrid recipients only; a classic one is refused. */
  REQUIRED,
  /** X25519 recipients are taken too: what is recorded today may be read when large quantum computers exist. */
  WAIVED
}

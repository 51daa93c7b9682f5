package io.dvault.workflow;

import java.util.List;

/**
 * Where the keys of the admin side are; docs/architecture.md, "Keys of the admin side". A reference is env:NAME,
 * keystore:FILE or devnet:N.
 *
 * @param approvers empty: what the environment or a devnet gives
 * @param gas empty likewise
 * @param passwordFile password of keystores; empty: DVAULT_KEYSTORE_PASSWORD
 */
public record KeyReferences(List<String> approvers, String gas, String passwordFile) {
  public KeyReferences {
    approvers = List.copyOf(approvers);
  }
}

package io.dvault.workflow;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.EntryAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Addresses of entries as they are typed. */
public final class AddressWords {
  private AddressWords() {}

  /** Reads {@code Kind/name@device}; a diagnostic that names the option otherwise. */
  public static Set<EntryAddress> parse(String option, List<String> texts) {
    Set<EntryAddress> addresses = new HashSet<>();
    for (String text : texts) {
      try {
        addresses.add(EntryAddress.parse(text));
      } catch (IllegalArgumentException e) {
        throw new DiagnosticException(Diagnostic.error(
            "DV904",
            option + " cannot be \"" + text + "\"",
            "An entry is written Kind/name@device: SshCertificate/sshd-host@drone-7"));
      }
    }
    return addresses;
  }
}

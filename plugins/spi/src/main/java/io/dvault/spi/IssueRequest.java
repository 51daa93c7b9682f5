package io.dvault.spi;

import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.model.Validity;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One entry to issue.
 *
 * @param validity what the material must carry; notBefore is backdated already
 * @param serial unique within the authority; what a certificate carries
 * @param authority present exactly when the template names one
 * @param peers the decrypted public parts of the template's peers that exist, the newest and,
 *     while it is valid, the one before
 * @param sources values that the spec refers to (environment, file, command), read by the engine
 */
public record IssueRequest(
    EntryTemplate template,
    EntryId entry,
    long generation,
    Validity validity,
    long serial,
    Optional<AuthorityKey> authority,
    Map<EntryAddress, List<PeerPart>> peers,
    SecretSource sources,
    SecureRandom random) {
  public EntryAddress address() {
    return template.address();
  }
}

package io.dvault.workflow;

import io.dvault.apply.Proposal;
import java.nio.file.Path;

/** Where proposals are put: one for the whole repository, and one for each grant or revocation beside it. */
final class ProposalFiles {
  private ProposalFiles() {}

  /** @param reason reason code of the public summary */
  static Path write(Path root, Proposal proposal, String reason) {
    String one =
        reason.equals("apply") ? "" : "-" + proposal.commit().root().hex().substring(0, 8);
    Path file = root.resolve(".dvault/proposal-" + proposal.commit().epoch() + one + ".json");
    proposal.write(file);
    return file;
  }
}

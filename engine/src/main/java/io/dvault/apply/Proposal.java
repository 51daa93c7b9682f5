package io.dvault.apply;

import io.dvault.ledger.Approval;
import io.dvault.ledger.Commit;
import io.dvault.ledger.LedgerRef;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.plan.PlanOptions;
import io.dvault.plan.PlanOptionsJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A commit whose blocks are published and that still lacks approvals: a file that people hand around. It holds nothing
 * secret and is worth nothing until enough approvers have signed what they recomputed themselves.
 *
 * @param options what its plan was made with beyond the configuration, so that approvers make the same one
 */
public record Proposal(
    LedgerRef ref, Commit commit, List<Approval> approvals, PlanOptions options) {
  private static final int FORMAT = 1;
  private static final int MAX_LENGTH = 1 << 24;
  private static final ObjectMapper JSON = new ObjectMapper();

  public Proposal {
    approvals = List.copyOf(approvals);
  }

  public Proposal with(List<Approval> more) {
    return new Proposal(ref, commit, more, options);
  }

  /** Writes the whole file at once. */
  public void write(Path file) {
    ObjectNode json = JSON.createObjectNode().put("format_version", FORMAT).put("kind", "Proposal");
    CommitJson.write(json, ref, commit, approvals);
    json.set("options", PlanOptionsJson.write(options));
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Path next = Files.createTempFile(file.toAbsolutePath().getParent(), ".proposal-", ".json");
      Files.write(next, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Throws DV308 for a file that is none. */
  public static Proposal read(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw unreadable(file, "there is no such file");
      }
      if (Files.size(file) > MAX_LENGTH) {
        throw unreadable(file, "it is longer than " + MAX_LENGTH + " bytes");
      }
      JsonNode json = JSON.readTree(Files.readString(file));
      if (json.path("format_version").asInt(0) != FORMAT
          || !json.path("kind").asString("").equals("Proposal")) {
        throw unreadable(file, "it is no proposal of this version of dVault");
      }
      return new Proposal(
          CommitJson.ref(json),
          CommitJson.commit(json),
          CommitJson.approvals(json),
          PlanOptionsJson.read(json.path("options")));
    } catch (JacksonException e) {
      throw unreadable(file, "it is not JSON");
    } catch (IllegalArgumentException e) {
      throw unreadable(file, e.getMessage());
    } catch (IOException e) {
      throw unreadable(file, "it is no text");
    }
  }

  private static DiagnosticException unreadable(Path file, String why) {
    return new DiagnosticException(Diagnostic.error(
        "DV308",
        "not a proposal",
        file + ": " + why + ".",
        "Use a file that `dvault apply` wrote."));
  }
}

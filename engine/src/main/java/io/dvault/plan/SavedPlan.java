package io.dvault.plan;

import io.dvault.ledger.EvmAddress;
import io.dvault.model.Bytes32;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.VaultId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A plan in a file (docs/requirements.md P3, P4): what it was made from, and what it says. It holds
 * no secret and no instruction: who applies it makes the plan again from the same base at the same
 * instant, and goes on only when that says the same.
 */
public final class SavedPlan {
  private static final String FORMAT = "dvault-plan";
  private static final long LARGEST = 256L << 20;

  private final PlanBase base;
  private final Instant at;
  private final PlanOptions options;
  private final JsonNode body;

  private SavedPlan(PlanBase base, Instant at, PlanOptions options, JsonNode body) {
    this.base = base;
    this.at = at;
    this.options = options;
    this.body = body;
  }

  public PlanBase base() {
    return base;
  }

  /** The instant to plan at again. */
  public Instant at() {
    return at;
  }

  /** What it was narrowed to, to plan so again. */
  public PlanOptions options() {
    return options;
  }

  /**
   * The document, as {@code plan -json} has it but for policies, warnings and verdict, which belong
   * to the planning.
   */
  public JsonNode document() {
    return body;
  }

  /** Writes {@code plan} to {@code file}, mode 0600, whole or not at all. */
  public static void write(Path file, Plan plan) {
    ObjectNode node = PlanJson.MAPPER.createObjectNode();
    node.put("format", FORMAT);
    node.put("format_version", PlanJson.FORMAT_VERSION);
    ObjectNode body = PlanJson.write(plan);
    node.put("sha256", Bytes32.sha256(body.toString()).hex());
    node.set("plan", body);
    byte[] bytes = PlanJson.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(node);
    requireFreeOrSavedPlan(file);
    Path folder = file.toAbsolutePath().getParent();
    try {
      Path temporary = Files.createTempFile(
          folder,
          ".plan-",
          ".tmp",
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try {
        Files.write(temporary, bytes, StandardOpenOption.TRUNCATE_EXISTING);
        Files.move(
            temporary,
            file.toAbsolutePath(),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (NoSuchFileException e) {
      throw new DiagnosticException(Diagnostic.error(
          "DV202", "the plan cannot be saved", "There is no folder " + folder + "."));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A slip of the hand, {@code -out vault.yaml}, must not cost a file. */
  private static void requireFreeOrSavedPlan(Path file) {
    if (Files.isDirectory(file)) {
      throw new DiagnosticException(Diagnostic.error(
          "DV202",
          "the plan cannot be saved",
          file + " is a folder.",
          "Name a file in it: -out " + file.resolve("fleet.plan")));
    }
    if (Files.exists(file)) {
      try {
        read(file);
      } catch (DiagnosticException e) {
        throw new DiagnosticException(Diagnostic.error(
            "DV908",
            "the file exists and is not a saved plan",
            file + " would be overwritten.",
            "Remove it or choose another name. Nothing was changed."));
      }
    }
  }

  /** Reads a file that {@link #write} made; throws a DiagnosticException (DV202) for anything else. */
  public static SavedPlan read(Path file) {
    JsonNode node = parse(file);
    if (!FORMAT.equals(node.path("format").asString(""))) {
      throw notSaved(file, "it does not say \"format\": \"" + FORMAT + "\".");
    }
    int version = node.path("format_version").asInt(0);
    if (version != PlanJson.FORMAT_VERSION) {
      throw notSaved(
          file,
          "its format_version is " + version + "; this dVault reads " + PlanJson.FORMAT_VERSION
              + ".");
    }
    JsonNode body = node.path("plan");
    if (!Bytes32.sha256(body.toString()).hex().equals(node.path("sha256").asString(""))) {
      throw notSaved(file, "it was changed after it was saved: the checksum differs.");
    }
    try {
      return new SavedPlan(
          base(body.path("base")),
          Instant.parse(body.path("at").asString("")),
          PlanOptionsJson.read(body.path("options")),
          body);
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw notSaved(file, "a field of it cannot be read: " + e.getMessage() + ".");
    }
  }

  private static JsonNode parse(Path file) {
    try {
      if (Files.size(file) > LARGEST) {
        throw notSaved(file, "it is larger than any plan.");
      }
      return PlanJson.MAPPER.readTree(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw notSaved(file, "there is no such file.");
    } catch (IOException e) {
      throw notSaved(file, "it cannot be read: " + e.getMessage() + ".");
    } catch (JacksonException e) {
      throw notSaved(file, "it is not JSON.");
    }
  }

  private static PlanBase base(JsonNode node) {
    Set<String> known =
        Set.of("chain_id", "contract", "vault", "epoch", "root", "commit", "clean", "sources");
    if (!known.equals(Set.copyOf(node.propertyNames()))) {
      throw new IllegalArgumentException(
          "base has other fields than " + known.stream().sorted().toList());
    }
    return new PlanBase(
        node.path("chain_id").asLong(0),
        EvmAddress.parse(node.path("contract").asString("")),
        VaultId.parse(node.path("vault").asString("")),
        node.path("epoch").asLong(-1),
        Bytes32.parse(node.path("root").asString("")),
        node.path("commit").asString(""),
        node.path("clean").asBoolean(false),
        Bytes32.parse(node.path("sources").asString("")));
  }

  private static DiagnosticException notSaved(Path file, String why) {
    return new DiagnosticException(Diagnostic.error(
        "DV202",
        "not a saved plan",
        file.getFileName() + ": " + why,
        "Make one with `dvault plan -out FILE`."));
  }

  /** Throws a DiagnosticException unless vault, head and repository are still those that the plan was made from. */
  public void requireBase(PlanBase current) {
    if (base.chainId() != current.chainId()
        || !base.contract().equals(current.contract())
        || !base.vault().equals(current.vault())) {
      throw new DiagnosticException(Diagnostic.error(
          "DV203",
          "the saved plan is for another vault",
          "It is for vault " + base.vault().bytes().abbreviated() + " on chain " + base.chainId()
              + ", contract " + base.contract() + ".",
          "Here is vault " + current.vault().bytes().abbreviated() + " on chain "
              + current.chainId() + ", contract " + current.contract() + "."));
    }
    if (base.epoch() != current.epoch() || !base.root().equals(current.root())) {
      throw stale("It was made at epoch " + base.epoch() + "; the vault is at epoch "
          + current.epoch() + (base.epoch() == current.epoch() ? " with another root." : "."));
    }
    if (!base.commit().equals(current.commit())) {
      throw stale("It was made from git commit " + words(base.commit()) + "; the repository is at "
          + words(current.commit()) + ".");
    }
    if (!base.sources().equals(current.sources())) {
      throw stale("Files of the repository changed since.");
    }
  }

  private static String words(String commit) {
    return commit.isEmpty() ? "no commit" : commit.substring(0, Math.min(12, commit.length()));
  }

  /** Throws a DiagnosticException unless {@code again}, made from the same base at the same instant, says the same. */
  public void requireSame(Plan again) {
    if (!body.toString().equals(PlanJson.write(again).toString())) {
      throw new DiagnosticException(Diagnostic.error(
          "DV207",
          "Saved plan is stale",
          "A new plan from the same epoch, commit and time differs:",
          "a guardian revoked something, the plugins changed, or the file was modified.",
          "Nothing was changed. Run `dvault plan` again."));
    }
  }

  private static DiagnosticException stale(String why) {
    return new DiagnosticException(Diagnostic.error(
        "DV201", "Saved plan is stale", why, "Nothing was changed. Run `dvault plan` again."));
  }
}

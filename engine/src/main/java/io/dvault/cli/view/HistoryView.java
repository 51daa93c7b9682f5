package io.dvault.cli.view;

import io.dvault.ledger.Approval;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.LedgerEvent;
import io.dvault.ledger.LedgerRef;
import io.dvault.ledger.evm.EvmKeys;
import io.dvault.model.AuthorityId;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.model.Quantities;
import io.dvault.registry.Acts;
import io.dvault.registry.AuthorityAct;
import io.dvault.registry.GitCommit;
import io.dvault.registry.KeyAction;
import io.dvault.workflow.History;
import io.dvault.workflow.KeyActs.KeyAct;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A history as a table for people and as JSON for machines. docs/screens.md, "verify". */
public final class HistoryView {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Terminal terminal;
  private final Names names;
  private final SingleActs single;

  /** What the repository calls addresses, authorities and entries. */
  public record Names(
      Map<String, String> people,
      Map<AuthorityId, String> authorities,
      Map<EntryId, EntryAddress> entries) {}

  /** Where each single key act of a commit is from; empty when its blocks are gone. */
  public interface SingleActs {
    SingleActs NOT_ASKED = unused -> Optional.of(List.of());

    Optional<List<KeyAct>> of(long epoch);
  }

  public HistoryView(Terminal terminal, Names names, SingleActs single) {
    this.terminal = terminal;
    this.names = names;
    this.single = single;
  }

  private record Row(
      long block,
      String epoch,
      Instant time,
      String by,
      String git,
      String what,
      List<String> below) {}

  public void text(History history) {
    List<Row> rows = new ArrayList<>();
    history.commits().forEach(entry -> rows.add(row(entry)));
    boolean all =
        history.commits().isEmpty() || history.commits().getLast().commit().epoch() == 1;
    long oldest = all ? 0 : history.commits().getLast().event().origin().block().number();
    history.others().stream()
        .filter(event -> event.origin().block().number() >= oldest)
        .forEach(event -> rows.add(row(event)));
    rows.sort(Comparator.comparingLong(Row::block).reversed());

    int by = Math.max(11, rows.stream().mapToInt(row -> row.by().length()).max().orElse(0));
    int git = rows.stream().mapToInt(row -> row.git().length()).max().orElse(0);
    String format = "%5s  %-19s  %-" + by + "s  %-" + Math.max(7, git) + "s  %s";
    terminal.println(
        String.format(Locale.ROOT, format, "epoch", "when (UTC)", "approved by", "git", "acts"));
    for (Row row : rows) {
      terminal.println(String.format(
              Locale.ROOT,
              format,
              row.epoch(),
              TIME.format(row.time()),
              row.by(),
              row.git(),
              row.what())
          .stripTrailing());
      row.below().forEach(line -> terminal.println("         " + line));
    }
    if (history.faults().isEmpty()) {
      terminal.println(verdict(history, all));
    }
  }

  private static String verdict(History history, boolean all) {
    if (history.commits().isEmpty()) {
      return "No commits yet.";
    }
    long first = history.commits().getLast().event().origin().block().number();
    long last = history.commits().getFirst().event().origin().block().number();
    String blocks = first == last ? "in block " + first : "from block " + first + " to " + last;
    return Quantities.count(history.commits().size(), "commit") + " " + blocks
        + (all ? ", none missing" : ", earlier commits not shown")
        + "; every approval valid under its governance.";
  }

  private Row row(History.Entry entry) {
    String by = entry.event().approvals().stream()
        .map(Approval::signer)
        .map(this::person)
        .collect(Collectors.joining(", "));
    String git = entry
        .acts()
        .map(Acts::commit)
        .filter(c -> !c.isEmpty())
        .map(GitCommit::abbreviated)
        .orElse("-");
    return new Row(
        entry.event().origin().block().number(),
        String.valueOf(entry.commit().epoch()),
        entry.event().origin().block().time(),
        by,
        git,
        entry.acts().map(this::words).orElse("(unreadable)")
            + (entry.approved() ? "" : "  NOT APPROVED"),
        single
            .of(entry.commit().epoch())
            .map(acts -> acts.stream().map(this::words).toList())
            .orElse(
                List.of("details are unavailable: the blocks of this commit cannot be fetched")));
  }

  private Row row(LedgerEvent event) {
    String by = switch (event) {
      case LedgerEvent.Revoked revoked -> person(revoked.guardian());
      case LedgerEvent.Frozen frozen -> person(frozen.guardian());
      case LedgerEvent.VaultCreated created -> person(created.creator());
      case LedgerEvent.GovernanceChanged changed -> people(changed.approvalsOld());
      case LedgerEvent.Unfrozen unfrozen -> people(unfrozen.approvals());
      case LedgerEvent.Committed committed -> people(committed.approvals());
    };
    String what = switch (event) {
      case LedgerEvent.Revoked revoked ->
        "guardian revoked " + Quantities.count(revoked.ids().size(), "key");
      case LedgerEvent.Frozen frozen -> "guardian froze the vault";
      case LedgerEvent.Unfrozen unfrozen -> "unfrozen";
      case LedgerEvent.VaultCreated created ->
        "created: " + created.governance().threshold() + " of "
            + Quantities.count(created.governance().approvers().size(), "approver");
      case LedgerEvent.GovernanceChanged changed ->
        "governance " + changed.version() + ": " + changed.next().threshold() + " of "
            + Quantities.count(changed.next().approvers().size(), "approver");
      case LedgerEvent.Committed committed -> "epoch " + committed.commit().epoch();
    };
    return new Row(
        event.origin().block().number(),
        "-",
        event.origin().block().time(),
        by,
        "-",
        what,
        List.of());
  }

  private String people(List<Approval> approvals) {
    return approvals.stream()
        .map(Approval::signer)
        .map(this::person)
        .collect(Collectors.joining(", "));
  }

  private String person(EvmAddress address) {
    String checksummed = EvmKeys.checksummed(address);
    String shortened = checksummed.substring(0, 6) + "…" + checksummed.substring(38);
    String name = names.people().get(address.toString());
    return name == null ? shortened : shortened + " " + name;
  }

  /** {@code + SshCertificate/sshd-host@drone-1  generation 2}. */
  private String words(KeyAct act) {
    EntryAddress address = names.entries().get(act.entry());
    String what = address == null
        ? act.kind() + " " + act.entry().bytes().abbreviated() + " on "
            + act.device().bytes().abbreviated()
        : address.toString();
    return symbol(act.action()) + " " + what + "  generation " + act.generation();
  }

  /** {@code authority fleet-ssh: generation 1 activate  +1 Grant  ±1 SshCertificate  (grant)}. */
  private String words(Acts acts) {
    List<String> parts = new ArrayList<>();
    for (AuthorityAct act : acts.authorities()) {
      String name = names
          .authorities()
          .getOrDefault(act.authority(), act.authority().bytes().abbreviated());
      parts.add("authority " + name + ": " + act.action().name().toLowerCase(Locale.ROOT)
          + " generation " + act.generation());
    }
    acts.keys()
        .forEach((kind, counts) -> counts.forEach(
            (action, count) -> parts.add(symbol(action) + Quantities.number(count) + " " + kind)));
    String what = parts.isEmpty() ? "head renewed" : String.join("  ", parts);
    return acts.reason().equals("apply") ? what : what + "  (" + acts.reason() + ")";
  }

  private static String symbol(KeyAction action) {
    return switch (action) {
      case ISSUE -> "+";
      case ROTATE -> "±";
      case REVOKE, REMOVE -> "-";
    };
  }

  public void json(History history, LedgerRef ref) {
    ObjectNode json = JSON.createObjectNode().put("format_version", 1);
    json.put("chain_id", ref.chainId());
    json.put("contract", ref.contract().toString());
    json.put("vault", "0x" + history.head().vault());
    json.put("epoch", history.head().epoch());
    ArrayNode commits = json.putArray("commits");
    history.commits().forEach(entry -> commit(commits.addObject(), entry));
    ArrayNode others = json.putArray("other_events");
    history
        .others()
        .forEach(event -> others
            .addObject()
            .put("block", event.origin().block().number())
            .put("time", event.origin().block().time().toString())
            .put("event", event.getClass().getSimpleName())
            .put("sender", event.origin().sender().toString()));
    json.put("other_events_from_block", history.othersFrom());
    ArrayNode faults = json.putArray("faults");
    history.faults().forEach(faults::add);
    terminal.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json));
  }

  private void commit(ObjectNode json, History.Entry entry) {
    LedgerEvent.Origin origin = entry.event().origin();
    json.put("epoch", entry.commit().epoch());
    json.put("block", origin.block().number());
    json.put("time", origin.block().time().toString());
    json.put("transaction", origin.transaction());
    json.put("sender", origin.sender().toString());
    json.put("root", "0x" + entry.commit().root());
    json.put("not_after", entry.commit().notAfter().toString());
    json.put("approved", entry.approved());
    ArrayNode by = json.putArray("approved_by");
    entry.event().approvals().forEach(approval -> by.add(approval.signer().toString()));
    entry.acts().ifPresent(acts -> {
      json.put("git", GitCommit.id(acts.commit()));
      json.put("dirty", GitCommit.isDirty(acts.commit()));
      json.put("reason", acts.reason());
      ArrayNode authorities = json.putArray("authorities");
      acts.authorities()
          .forEach(act -> authorities
              .addObject()
              .put("authority", "0x" + act.authority())
              .put("generation", act.generation())
              .put("action", act.action().name().toLowerCase(Locale.ROOT)));
      ObjectNode keys = json.putObject("keys");
      acts.keys().forEach((kind, counts) -> {
        ObjectNode node = keys.putObject(kind);
        counts.forEach((action, count) -> node.put(action.name().toLowerCase(Locale.ROOT), count));
      });
    });
    single.of(entry.commit().epoch()).filter(acts -> !acts.isEmpty()).ifPresent(acts -> {
      ArrayNode entries = json.putArray("entries");
      acts.forEach(act -> key(entries.addObject(), act));
    });
  }

  private void key(ObjectNode json, KeyAct act) {
    json.put("action", act.action().name().toLowerCase(Locale.ROOT));
    json.put("kind", act.kind());
    Optional.ofNullable(names.entries().get(act.entry()))
        .ifPresent(address -> json.put("address", address.toString()));
    json.put("entry", "0x" + act.entry());
    json.put("device", "0x" + act.device());
    json.put("generation", act.generation());
  }
}

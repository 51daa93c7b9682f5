package io.dvault.cli.view;

import io.dvault.desired.DesiredEntry;
import io.dvault.desired.DesiredState;
import io.dvault.desired.DeviceDeclaration;
import io.dvault.ledger.Head;
import io.dvault.model.DeviceId;
import io.dvault.model.Durations;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.model.Quantities;
import io.dvault.model.RevocationId;
import io.dvault.plan.RegistrySnapshot;
import io.dvault.registry.EntryRecord;
import io.dvault.registry.EntryStatus;
import io.dvault.registry.PublicFacts;
import io.dvault.spi.SecretKind.Fact;
import io.dvault.workflow.Workspace;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the registry holds, by the names that the repository gives. */
public final class HoldingsView {
  private static final int FORMAT_VERSION = 1;
  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Workspace workspace;
  private final Head head;
  private final Set<RevocationId> guardianRevoked;
  private final Instant now;
  private final List<Holding> holdings = new ArrayList<>();

  private record Holding(
      Optional<EntryAddress> address,
      EntryId entry,
      DeviceId device,
      String label,
      EntryRecord record) {}

  public HoldingsView(
      Workspace workspace,
      RegistrySnapshot registry,
      Head head,
      Set<RevocationId> guardianRevoked,
      Instant now) {
    this.workspace = workspace;
    this.head = head;
    this.guardianRevoked = guardianRevoked;
    this.now = now;
    DesiredState desired = workspace.desired();
    Map<EntryId, EntryAddress> names = new HashMap<>();
    desired.entries().values().stream()
        .forEach((DesiredEntry each) -> names.put(each.id(), each.address()));
    Map<DeviceId, String> devices = new HashMap<>();
    desired
        .devices()
        .values()
        .forEach((DeviceDeclaration each) -> devices.put(each.id(), each.name()));
    registry
        .devices()
        .values()
        .forEach(device -> device.entries().forEach((entry, record) -> {
          Optional<EntryAddress> address = Optional.ofNullable(names.get(entry))
              .or(() -> PublicFacts.decrypt(desired.vault().salt(), entry, record)
                  .flatMap(PublicFacts::address));
          String label = address
              .map(EntryAddress::toString)
              .orElseGet(() -> record.kind() + " "
                  + entry.bytes().abbreviated() + " of "
                  + devices.getOrDefault(
                      device.device(), device.device().bytes().abbreviated()));
          holdings.add(new Holding(address, entry, device.device(), label, record));
        }));
    holdings.sort(Comparator.comparing((Holding each) -> each.address().isEmpty())
        .thenComparing(Holding::label)
        .thenComparing(Holding::device));
  }

  public Optional<EntryRecord> find(EntryAddress address) {
    return chosen(Optional.of(address)).stream().map(Holding::record).findFirst();
  }

  private List<Holding> chosen(Optional<EntryAddress> only) {
    return holdings.stream()
        .filter(each -> only.isEmpty() || each.address().equals(only))
        .toList();
  }

  public void print(Terminal terminal, Optional<EntryAddress> only) {
    terminal.println("vault " + workspace.desired().vault().name() + " ("
        + head.vault().bytes().abbreviated()
        + ") · chain "
        + workspace.desired().vault().chainId() + " · epoch " + head.epoch()
        + (head.frozen() ? " · frozen" : ""));
    terminal.println("");
    List<Holding> chosen = chosen(only);
    int width = chosen.stream().mapToInt(each -> each.label().length()).max().orElse(0);
    for (Holding each : chosen) {
      terminal.println("  " + each.label() + " ".repeat(width - each.label().length())
          + "  generation " + each.record().generation() + "  " + state(each));
      if (only.isPresent()) {
        facts(each).forEach(fact -> terminal.println("      " + fact.name() + "  " + fact.value()));
        terminal.println("      entry  " + each.entry());
        terminal.println(
            "      from   " + MINUTES.format(each.record().validity().notBefore()) + " until "
                + MINUTES.format(each.record().validity().notAfter()));
      }
    }
    if (!chosen.isEmpty()) {
      terminal.println("");
    }
    long devices = chosen.stream().map(Holding::device).distinct().count();
    terminal.println(Quantities.number(chosen.size()) + (chosen.size() == 1 ? " entry" : " entries")
        + " on " + Quantities.count(devices, "device") + ".");
  }

  private String state(Holding each) {
    Instant end = each.record().validity().notAfter();
    if (each.record().status() == EntryStatus.REVOKED) {
      return "revoked";
    }
    if (each.record().status() == EntryStatus.BANNED) {
      return "revoked as compromised";
    }
    if (guardianRevoked.contains(RevocationId.of(each.entry(), each.record().generation()))) {
      return "revoked by a guardian";
    }
    return now.isBefore(end)
        ? "until " + MINUTES.format(end) + ", " + Durations.format(Duration.between(now, end))
            + " left"
        : "ended " + Durations.format(Duration.between(end, now)) + " ago";
  }

  private List<Fact> facts(Holding each) {
    return PublicFacts.decrypt(workspace.desired().vault().salt(), each.entry(), each.record())
        .flatMap(facts -> workspace
            .findKind(each.record().kind())
            .map(kind -> kind.describe(each.record().kind(), facts.part())))
        .orElse(List.of());
  }

  public ObjectNode json(Optional<EntryAddress> only) {
    ObjectNode node = DiagnosticJson.MAPPER.createObjectNode();
    node.put("format_version", FORMAT_VERSION);
    node.put("vault", "0x" + head.vault());
    node.put("epoch", head.epoch());
    node.put("root", "0x" + head.root());
    node.put("frozen", head.frozen());
    ArrayNode array = node.putArray("entries");
    for (Holding each : chosen(only)) {
      ObjectNode entry = array.addObject();
      each.address().ifPresent(address -> entry.put("address", address.toString()));
      entry.put("entry", "0x" + each.entry());
      entry.put("device", "0x" + each.device());
      entry.put("kind", each.record().kind());
      entry.put("generation", each.record().generation());
      entry.put("status", each.record().status().name().toLowerCase(Locale.ROOT));
      entry.put(
          "revoked_by_guardian",
          guardianRevoked.contains(RevocationId.of(each.entry(), each.record().generation())));
      entry.put("not_before", each.record().validity().notBefore().toString());
      entry.put("not_after", each.record().validity().notAfter().toString());
      entry.put("serial", each.record().serial());
      ObjectNode facts = entry.putObject("facts");
      facts(each).forEach(fact -> facts.put(fact.name(), fact.value()));
    }
    return node;
  }
}

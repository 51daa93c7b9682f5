package io.dvault.cli;

import io.dvault.cli.view.CommandContext;
import io.dvault.cli.view.Terminal;
import io.dvault.desired.DesiredState;
import io.dvault.ledger.Head;
import io.dvault.model.Durations;
import io.dvault.model.Quantities;
import io.dvault.model.RevocationId;
import io.dvault.plan.RegistrySnapshot;
import io.dvault.workflow.ChainReading;
import io.dvault.workflow.DeviceStatus;
import io.dvault.workflow.Receipts;
import io.dvault.workflow.UserCache;
import io.dvault.workflow.VaultConnection;
import io.dvault.workflow.Workspace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "status",
    description =
        "Show what each device holds and when it last reported, from signed receipts and the registry.",
    footer = {
      "",
      "Examples:",
      "  dvault status --receipts /var/lib/dvault/receipts",
      "  dvault status --json"
    })
final class StatusCommand implements Callable<Integer> {
  private final CommandContext context;

  @Option(
      names = "--receipts",
      paramLabel = "FOLDER",
      description = "Folder with receipts of devices. Default: .dvault/receipts.")
  String receipts = ".dvault/receipts";

  @Option(names = "--json", description = "Print JSON (format_version 1).")
  boolean json;

  StatusCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Workspace workspace = Workspace.open(context.run());
    DesiredState desired = workspace.desired();
    try (VaultConnection connection =
        VaultConnection.open(desired.vault()).keeping(UserCache.of(context.run()))) {
      Head head = connection.head();
      RegistrySnapshot registry = ChainReading.registry(connection, head);
      Receipts found = Receipts.read(
          context.resolve(receipts), connection.vault(), desired.devices().values());
      Set<RevocationId> revoked = ChainReading.guardianRevoked(connection.ledger(), head, registry);
      Instant now = context.clock().instant();
      List<DeviceStatus> devices = desired.devices().values().stream()
          .map(device -> DeviceStatus.of(device, registry, revoked, found.find(device), now))
          .toList();
      if (json) {
        printJson(devices, head, found);
      } else {
        print(desired, devices, head, found, now);
      }
    }
    return ExitCode.OK;
  }

  private void print(
      DesiredState desired, List<DeviceStatus> devices, Head head, Receipts found, Instant now) {
    Terminal terminal = context.terminal();
    String fresh = head.epoch() == 0
        ? "nothing committed yet"
        : now.isBefore(head.notAfter())
            ? "head fresh for " + Durations.format(Duration.between(now, head.notAfter()))
            : "head stale since " + Durations.format(Duration.between(head.notAfter(), now));
    terminal.println(
        "vault " + desired.vault().name() + " (" + head.vault().bytes().abbreviated() + ") · epoch "
            + head.epoch() + " · " + fresh + (head.frozen() ? " · FROZEN" : ""));
    terminal.println("");
    int width =
        Math.max(6, devices.stream().mapToInt(d -> d.name().length()).max().orElse(0));
    String format = "%-" + width + "s  %7s  %-14s  %7s  %-14s  %s";
    terminal.println(String.format(
            Locale.ROOT, format, "device", "epoch", "last seen", "entries", "next expiry", "")
        .strip());
    for (DeviceStatus device : devices) {
      terminal.println(String.format(
              Locale.ROOT,
              format,
              device.name(),
              device.epoch().map(String::valueOf).orElse("-"),
              device
                  .lastSeen()
                  .map(at -> Durations.format(positive(Duration.between(at, now))) + " ago")
                  .orElse("never"),
              device.entries(),
              device
                  .nextExpiry()
                  .map(at -> "in " + Durations.format(positive(Duration.between(now, at))))
                  .orElse("-"),
              device.failures() == 0 ? "" : Quantities.count(device.failures(), "failure"))
          .stripTrailing());
    }
    terminal.println("");
    found.refused().forEach(refused -> terminal.println("Not counted: " + refused));
    long current = devices.stream()
        .filter(d -> d.epoch().filter(e -> e == head.epoch()).isPresent())
        .count();
    terminal.println(current + " of " + Quantities.count(devices.size(), "device")
        + " reported epoch " + head.epoch() + ".");
  }

  private static Duration positive(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }

  private void printJson(List<DeviceStatus> devices, Head head, Receipts found) {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode node = mapper.createObjectNode().put("format_version", 1).put("epoch", head.epoch());
    node.put("not_after", head.notAfter().toString());
    node.put("frozen", head.frozen());
    ArrayNode array = node.putArray("devices");
    for (DeviceStatus device : devices) {
      ObjectNode each =
          array.addObject().put("name", device.name()).put("entries", device.entries());
      each.put("failures", device.failures());
      device.epoch().ifPresent(epoch -> each.put("epoch", epoch));
      device.lastSeen().map(Instant::toString).ifPresent(at -> each.put("last_seen", at));
      device.nextExpiry().map(Instant::toString).ifPresent(at -> each.put("next_expiry", at));
    }
    ArrayNode refused = node.putArray("not_counted");
    found.refused().forEach(refused::add);
    context.terminal().println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(node));
  }
}

package io.dvault.agent;

import io.dvault.agent.Publisher.Network;
import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.CborValue.CborNull;
import io.dvault.cbor.DagCbor;
import io.dvault.cbor.MalformedCborException;
import io.dvault.cbor.MapReader;
import io.dvault.converge.Cycle.Report;
import io.dvault.disk.Layout;
import io.dvault.install.InstalledEntry;
import io.dvault.install.Problem;
import io.dvault.spi.Installation.AtEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the last look found, for {@code dvault-agent status}: written by the agent, read by anyone on the device. */
record Status(
    String device,
    String vault,
    long epoch,
    Instant at,
    Instant freshUntil,
    Optional<Instant> nextLook,
    Network network,
    List<Line> lines,
    List<Trouble> troubles) {
  private static final int MAX_TEXT = 4096;
  private static final int MAX_ITEMS = 20_000;

  Status {
    lines = List.copyOf(lines);
    troubles = List.copyOf(troubles);
  }

  /** @param address {@code Kind/name@device} */
  record Line(String address, long generation, Instant until, boolean staysAtEnd) {}

  /** @param subject an entry's address, or what of the device is at fault */
  record Trouble(String code, String subject, String why) {}

  static Status of(
      String vault, Layout layout, Report report, Network network, Optional<Instant> nextLook)
      throws IOException {
    String name = Files.readAllLines(layout.deviceYaml()).stream()
        .filter(line -> line.startsWith("  name: "))
        .map(line -> line.substring(8).replace("\"", ""))
        .findFirst()
        .orElse("this device");
    List<Line> lines = report.held().values().stream()
        .sorted(Comparator.comparing(InstalledEntry::address))
        .map(held -> new Line(
            held.address().toString(),
            held.generation(),
            held.validity().notAfter(),
            held.atEnd() == AtEnd.KEEP))
        .toList();
    List<Trouble> troubles = report.problems().stream()
        .map((Problem each) -> new Trouble(each.code(), each.subject(), cut(each.why())))
        .collect(Collectors.toList());
    return new Status(
        name,
        vault,
        report.state().epoch(),
        report.now(),
        report.state().notAfter(),
        nextLook,
        network,
        lines,
        troubles);
  }

  private static String cut(String text) {
    return text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
  }

  CborMap toCbor() {
    Map<String, CborValue> map = new LinkedHashMap<>();
    map.put("format_version", CborValue.of("1.0"));
    map.put("device", CborValue.of(device));
    map.put("vault", CborValue.of(vault));
    map.put("epoch", CborValue.of(epoch));
    map.put("at", CborValue.of(at.getEpochSecond()));
    map.put("fresh_until", CborValue.of(freshUntil.getEpochSecond()));
    map.put(
        "next_look",
        nextLook.<CborValue>map(at -> CborValue.of(at.getEpochSecond())).orElse(CborValue.NULL));
    map.put("rpc", counts(network.rpcGood(), network.rpcAll()));
    map.put("gateways", counts(network.gatewaysGood(), network.gatewaysAll()));
    map.put(
        "entries",
        CborValue.of(lines.stream()
            .map(line -> CborValue.of(Map.of(
                "address", CborValue.of(line.address()),
                "generation", CborValue.of(line.generation()),
                "until", CborValue.of(line.until().getEpochSecond()),
                "stays_at_end", CborValue.of(line.staysAtEnd()))))
            .toList()));
    map.put(
        "problems",
        CborValue.of(troubles.stream()
            .map(each -> CborValue.of(Map.of(
                "code", CborValue.of(each.code()),
                "subject", CborValue.of(each.subject()),
                "why", CborValue.of(each.why()))))
            .toList()));
    return CborValue.of(map);
  }

  private static CborMap counts(int good, int all) {
    return CborValue.of(Map.of("good", CborValue.of(good), "all", CborValue.of(all)));
  }

  byte[] encode() {
    return DagCbor.encode(toCbor());
  }

  static Status decode(byte[] file) throws MalformedCborException {
    MapReader map = MapReader.of(
        DagCbor.decode(file),
        "status",
        "format_version",
        "device",
        "vault",
        "epoch",
        "at",
        "fresh_until",
        "next_look",
        "rpc",
        "gateways",
        "entries",
        "problems");
    Optional<Instant> next = map.require("next_look") instanceof CborNull
        ? Optional.empty()
        : Optional.of(map.requireInstant("next_look"));
    MapReader rpc = MapReader.of(map.require("rpc"), "status.rpc", "good", "all");
    MapReader gateways = MapReader.of(map.require("gateways"), "status.gateways", "good", "all");
    Network network = new Network(
        (int) rpc.requireInt("good"),
        (int) rpc.requireInt("all"),
        (int) gateways.requireInt("good"),
        (int) gateways.requireInt("all"),
        List.of());
    List<Line> lines = new ArrayList<>();
    for (CborValue item : map.requireList("entries", MAX_ITEMS)) {
      MapReader line =
          MapReader.of(item, "status.entries", "address", "generation", "until", "stays_at_end");
      lines.add(new Line(
          line.requireText("address", MAX_TEXT),
          line.requireInt("generation"),
          line.requireInstant("until"),
          line.requireBool("stays_at_end")));
    }
    List<Trouble> troubles = new ArrayList<>();
    for (CborValue item : map.requireList("problems", MAX_ITEMS)) {
      MapReader trouble = MapReader.of(item, "status.problems", "code", "subject", "why");
      troubles.add(new Trouble(
          trouble.requireText("code", MAX_TEXT),
          trouble.requireText("subject", MAX_TEXT),
          trouble.requireText("why", MAX_TEXT)));
    }
    return new Status(
        map.requireText("device", MAX_TEXT),
        map.requireText("vault", MAX_TEXT),
        map.requireInt("epoch"),
        map.requireInstant("at"),
        map.requireInstant("fresh_until"),
        next,
        network,
        lines,
        troubles);
  }
}

package io.dvault.config;

import io.dvault.desired.DesiredEntry;
import io.dvault.desired.DeviceDeclaration;
import io.dvault.desired.Selection;
import io.dvault.model.Durations;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.model.VaultSalt;
import io.dvault.spi.AuthorityType;
import io.dvault.spi.Declaration;
import io.dvault.spi.EntryTemplate;
import io.dvault.spi.SecretKind;
import io.dvault.yaml.Fields;
import io.dvault.yaml.Findings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What the declarations come to, device by device: each is expanded by its kind, now and under its former names. */
final class DeclaredEntries {
  /** An entry as its declaration makes it; see {@link DesiredEntry}. */
  private record Made(
      EntryTemplate template, List<EntryTemplate> former, Optional<Selection> chosen) {}

  private final Map<EntryAddress, Made> made =
      new LinkedHashMap<>(); // as declared: mostly in order already
  private final DeclaredFleet fleet;
  private final Moves moves;
  private final Plugins plugins;
  private final Findings findings;

  private DeclaredEntries(DeclaredFleet fleet, Moves moves, Plugins plugins, Findings findings) {
    this.fleet = fleet;
    this.moves = moves;
    this.plugins = plugins;
    this.findings = findings;
  }

  /** Of all that is declared; what is wrong goes to {@code findings}. */
  static DeclaredEntries read(
      List<Envelope> envelopes,
      DeclaredFleet fleet,
      Moves moves,
      Plugins plugins,
      Findings findings) {
    DeclaredEntries entries = new DeclaredEntries(fleet, moves, plugins, findings);
    entries.read(envelopes);
    return entries;
  }

  private void read(List<Envelope> envelopes) {
    Duration shortest = fleet.pollInterval().multipliedBy(2);
    Set<String> kinds = new TreeSet<>(plugins.kinds().keySet());
    Envelope.coreKinds().forEach(kinds::remove);
    Optional<Envelope> vault =
        envelopes.stream().filter(each -> each.kind().equals("Vault")).findFirst();
    Defaults defaults = Defaults.read(vault, kinds);
    for (Envelope envelope : envelopes) {
      kind(envelope)
          .filter(kind -> envelope.whole())
          .ifPresent(kind -> expand(envelope, kind, defaults, shortest));
    }
  }

  private void expand(Envelope envelope, SecretKind kind, Defaults defaults, Duration shortest) {
    int before = findings.count();
    SelectingFleet selecting = new SelectingFleet(fleet);
    Defaults.Spec spec = defaults.over(envelope);
    List<EntryTemplate> templates =
        kind.expand(declaration(envelope, envelope.name(), spec), selecting);
    spec.finish();
    List<List<EntryTemplate>> former =
        findings.count() == before ? former(envelope, spec, kind, templates.size()) : List.of();
    for (int i = 0; i < templates.size(); i++) {
      EntryTemplate template = templates.get(i);
      Made first = made.putIfAbsent(
          template.address(), new Made(template, at(i, former), selecting.selectionOf(template)));
      if (first != null) {
        envelope
            .root()
            .error(
                "spec",
                "DV038",
                "entry " + template.address() + " is declared twice",
                "The first one comes from " + first.template().position() + ".");
      } else if (findings.count() == before) {
        lifetime(spec.fields(), template, shortest);
      }
    }
  }

  private static List<EntryTemplate> at(int place, List<List<EntryTemplate>> former) {
    return former.isEmpty()
        ? List.of()
        : former.stream().map(each -> each.get(place)).toList();
  }

  /** What makes its entries: for an authority, what spreads trust in one of its type. */
  private Optional<SecretKind> kind(Envelope envelope) {
    return envelope.kind().equals("Authority")
        ? envelope
            .spec()
            .findString("type")
            .map(plugins.authorityTypes()::get)
            .flatMap(AuthorityType::trust)
        : Optional.ofNullable(plugins.kinds().get(envelope.kind()));
  }

  private static Declaration declaration(Envelope envelope, String name, Defaults.Spec spec) {
    return new Declaration(envelope.kind(), name, envelope.labels(), spec.fields());
  }

  /** What the declaration would make under each of its former names, the newest first; each in the order of now. */
  private List<List<EntryTemplate>> former(
      Envelope envelope, Defaults.Spec spec, SecretKind kind, int size) {
    List<List<EntryTemplate>> former = new ArrayList<>(0);
    for (String name : moves.formerNames(envelope.kind(), envelope.name())) {
      List<EntryTemplate> templates = kind.expand(declaration(envelope, name, spec), fleet);
      if (templates.size() != size) {
        throw new IllegalStateException(
            "kind " + kind.kind() + " makes other entries under another name: " + name);
      }
      former.add(templates);
    }
    return former;
  }

  /**
   * docs/requirements.md A6 for kinds that forgot to ask.
   *
   * @param shortest two poll intervals
   */
  private static void lifetime(Fields spec, EntryTemplate template, Duration shortest) {
    if (template.ttl().compareTo(shortest) < 0) {
      spec.error(
          "ttl",
          "DV104",
          "ttl too short",
          "Devices look every " + Durations.format(shortest.dividedBy(2))
              + ", so it could end before it arrives. Use at least " + Durations.format(shortest)
              + ".");
    } else if (template.renewBefore().compareTo(template.ttl()) >= 0) {
      spec.error(
          "renewBefore",
          "DV105",
          "renewBefore is too long",
          "renewBefore (" + Durations.format(template.renewBefore())
              + ") must be shorter than ttl (" + Durations.format(template.ttl()) + ").");
    }
  }

  /** By the ids that they have in the registry. */
  List<DesiredEntry> under(VaultSalt salt, List<DeviceDeclaration> devices) {
    Map<String, DeviceDeclaration> byName = HashMap.newHashMap(devices.size());
    devices.forEach(device -> byName.put(device.name(), device));
    List<DesiredEntry> entries = new ArrayList<>(made.size());
    made.forEach((address, each) -> {
      DeviceDeclaration device = byName.get(address.device());
      if (device == null) {
        throw new IllegalStateException(
            "kind " + address.kind() + " made an entry for no declared device: " + address);
      }
      EntryAddress first =
          each.former().isEmpty() ? address : each.former().getLast().address();
      entries.add(new DesiredEntry(
          each.template(), EntryId.of(salt, first), device.id(), each.former(), each.chosen()));
    });
    return entries;
  }
}

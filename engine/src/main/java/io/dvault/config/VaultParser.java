package io.dvault.config;

import io.dvault.desired.VaultSettings;
import io.dvault.desired.VaultSettings.Admin;
import io.dvault.desired.VaultSettings.DeclaredGovernance;
import io.dvault.desired.VaultSettings.Party;
import io.dvault.desired.VaultSettings.PublishTarget;
import io.dvault.ledger.EvmAddress;
import io.dvault.model.Bytes32;
import io.dvault.model.VaultId;
import io.dvault.model.VaultSalt;
import io.dvault.spi.BlockStoreProvider;
import io.dvault.yaml.Fields;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads {@code kind: Vault}. */
final class VaultParser {
  private static final int MOST_PARTIES = 32;
  private static final EvmAddress ZERO = EvmAddress.of(new byte[EvmAddress.LENGTH]);

  private final Plugins plugins;
  private final Path root;

  VaultParser(Plugins plugins, Path root) {
    this.plugins = plugins;
    this.root = root;
  }

  VaultSettings parse(Envelope envelope) {
    Fields spec = envelope.spec();
    Fields chain = spec.map("chain");
    Fields blocks = spec.map("blocks");
    Fields agents = spec.map("agents");
    Duration poll = agents.findDuration("poll").orElse(Duration.ofSeconds(30));
    if (poll.isZero() || poll.compareTo(Duration.ofDays(1)) > 0) {
      agents.error("poll", "DV016", "\"poll\" is out of range", "Use 1s to 1d; 30s is usual.");
    }
    Duration fresh = agents.findDuration("staleAfter").orElse(Duration.ofDays(30));
    if (fresh.compareTo(poll.multipliedBy(2)) < 0) {
      agents.error(
          "staleAfter",
          "DV016",
          "\"staleAfter\" is out of range",
          "Agents would call a vault stale between two looks. Use hours or days; 30d is usual.");
    }
    if (!chain.has("id")) {
      chain.error("id", "DV013", "missing field \"id\"", "The chain's number, 31337 for a devnet.");
    }
    return new VaultSettings(
        envelope.name(),
        optional(spec, "id", VaultId::parse, "a vault id (0x and 64 hex digits)"),
        salt(spec),
        chain.integer("id", 1, 1, Long.MAX_VALUE),
        optional(chain, "contract", EvmAddress::parse, "an address (0x and 40 hex digits)"),
        urls(chain, "rpc", true),
        publish(blocks),
        urls(blocks, "gateways", false),
        governance(spec),
        admins(spec),
        poll,
        fresh,
        spec.position());
  }

  private static <T> Optional<T> optional(
      Fields fields, String key, Function<String, T> parser, String what) {
    Optional<String> text = fields.findString(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(parser.apply(text.get()));
    } catch (IllegalArgumentException e) {
      fields.error(key, "DV026", "not " + what);
      return Optional.empty();
    }
  }

  private static VaultSalt salt(Fields spec) {
    String text = spec.requireString("salt");
    try {
      Bytes32 bytes = text.isEmpty() ? Bytes32.ZERO : Bytes32.parse(text);
      if (bytes.equals(Bytes32.ZERO) && !text.isEmpty()) {
        throw new IllegalArgumentException("zero");
      }
      return new VaultSalt(bytes);
    } catch (IllegalArgumentException e) {
      spec.errorWithoutSource(
          "salt",
          "DV026",
          "not a salt",
          "It is 64 random hex digits, as `dvault init` writes them.");
      return new VaultSalt(Bytes32.ZERO);
    }
  }

  private static List<URI> urls(Fields fields, String key, boolean required) {
    List<URI> urls = new ArrayList<>();
    for (String text : fields.strings(key)) {
      Optional<URI> url = url(text);
      if (url.isPresent()) {
        urls.add(url.get());
      } else {
        fields.error(
            key,
            "DV026",
            "not an http or https URL",
            "\"" + text + "\": write http://host:port or https://host/path.");
      }
    }
    if (required && !fields.has(key)) {
      fields.error(
          key,
          "DV013",
          "missing field \"" + key + "\"",
          "At least one endpoint: rpc: [\"http://127.0.0.1:8545\"].");
    } else if (required && fields.strings(key).isEmpty()) {
      fields.error(
          key,
          "DV017",
          "\"" + key + "\" is empty",
          "At least one endpoint: rpc: [\"http://127.0.0.1:8545\"].");
    }
    return urls;
  }

  private static Optional<URI> url(String text) {
    try {
      URI uri = new URI(text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      return http && uri.getHost() != null && uri.getFragment() == null
          ? Optional.of(uri)
          : Optional.empty();
    } catch (java.net.URISyntaxException e) {
      return Optional.empty();
    }
  }

  private List<PublishTarget> publish(Fields blocks) {
    List<PublishTarget> targets = new ArrayList<>();
    for (Fields each : blocks.maps("publish")) {
      String store = each.requireString("store");
      BlockStoreProvider provider = plugins.stores().get(store);
      if (provider != null) {
        targets.add(new PublishTarget(store, provider.configure(each, root)));
      } else if (!store.isEmpty()) {
        each.error(
            "store",
            "DV039",
            "unknown block store \"" + store + "\"",
            "Known stores: " + String.join(", ", plugins.stores().keySet()) + ".");
      }
    }
    return targets;
  }

  private static DeclaredGovernance governance(Fields spec) {
    if (!spec.has("governance")) {
      spec.error(
          "governance",
          "DV013",
          "missing field \"governance\"",
          "Add approvers: governance: {threshold: 1, approvers: […]}.");
    }
    Fields governance = spec.map("governance");
    List<Party> approvers = parties(governance, "approvers");
    List<Party> guardians = parties(governance, "guardians");
    int threshold = (int) governance.integer("threshold", 1, 1, MOST_PARTIES);
    if (spec.has("governance") && approvers.isEmpty()) {
      governance.error(
          "approvers",
          "DV027",
          "no approvers",
          "At least one approver: {name: ops, address: \"0x…\"}.");
    } else if (threshold > approvers.size() && !approvers.isEmpty()) {
      governance.error(
          "threshold",
          "DV027",
          "threshold can never be reached",
          "It asks for " + threshold + " approvals, and there are " + approvers.size()
              + " approvers.");
    }
    Duration delay = governance.findDuration("unfreezeDelay").orElse(Duration.ofDays(1));
    return new DeclaredGovernance(threshold, approvers, guardians, delay);
  }

  private static List<Party> parties(Fields governance, String key) {
    List<Party> parties = new ArrayList<>();
    Set<EvmAddress> seen = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (Fields each : governance.maps(key)) {
      String name = each.requireString("name");
      if (!name.isEmpty() && !names.add(name)) {
        each.error("name", "DV027", "\"" + name + "\" is used twice");
      }
      if (!each.has("address")) {
        each.requireString("address");
      }
      Optional<EvmAddress> address =
          optional(each, "address", EvmAddress::parse, "an address (0x and 40 hex digits)");
      if (address.isPresent() && address.get().equals(ZERO)) {
        each.error("address", "DV027", "nobody holds the zero address");
      } else if (address.isPresent() && !seen.add(address.get())) {
        each.error(
            "address",
            "DV027",
            "this address is used twice",
            "Each of the " + key + " needs its own address.");
      } else {
        address.ifPresent(found -> parties.add(new Party(name, found)));
      }
    }
    if (parties.size() > MOST_PARTIES) {
      governance.error(
          key, "DV027", "too many " + key, "The contract takes " + MOST_PARTIES + " at most.");
    }
    return parties;
  }

  private static List<Admin> admins(Fields spec) {
    List<Admin> admins = new ArrayList<>();
    for (Fields each : spec.maps("admins")) {
      String name = each.requireString("name");
      String recipient = each.requireString("recipient");
      Recipients.check(each, "recipient", recipient);
      admins.add(new Admin(name, recipient));
    }
    return admins;
  }
}

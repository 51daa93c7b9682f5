package io.dvault.ledger;

import io.dvault.model.Bytes32;
import io.dvault.model.Names;
import io.dvault.model.VaultId;
import io.dvault.yaml.Fields;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/** The file form of an {@link Anchor}: {@code schemas/spec/anchor.md}. The same anchor always gives the same bytes. */
public final class AnchorYaml {
  /** Code of every finding in an anchor file. */
  public static final String CODE = "DV510";

  private static final int MAX_PARTIES = 32;

  private AnchorYaml() {}

  /** Reads a whole document; what is wrong is reported through its Fields, and then the result is empty. */
  public static Optional<Anchor> read(Fields document) {
    document.choice("apiVersion", "", List.of("dvault.io/v1"));
    document.choice("kind", "", List.of("Anchor"));
    Fields spec = document.map("spec");
    Fields chain = spec.map("chain");
    Optional<String> name = parsed(document.map("metadata"), "name", Names::require);
    Optional<VaultId> vault = parsed(spec, "vault", VaultId::parse);
    long chainId = chain.integer("id", 0, 1, Long.MAX_VALUE);
    if (!chain.has("id")) {
      chain.error("id", CODE, "chain id missing", "Print the anchor again with `dvault anchor`.");
    }
    Optional<EvmAddress> contract = parsed(chain, "contract", EvmAddress::parse);
    Optional<Bytes32> codeHash = parsed(chain, "codeHash", Bytes32::parse);
    List<String> rpc = urls(chain, "rpc");
    if (rpc.isEmpty()) {
      chain.error("rpc", CODE, "no RPC endpoint", "Name at least one JSON-RPC URL.");
    }
    int quorum = (int) chain.integer("quorum", 1, 1, Math.max(1, rpc.size()));
    List<String> gateways = urls(spec, "gateways");
    Optional<Pinned> governance = governance(spec.map("governance"));
    if (name.isEmpty()
        || vault.isEmpty()
        || chainId < 1
        || contract.isEmpty()
        || codeHash.isEmpty()
        || rpc.isEmpty()
        || quorum < 1
        || quorum > rpc.size()
        || governance.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Anchor(
        name.get(),
        vault.get(),
        new LedgerRef(chainId, contract.get()),
        codeHash.get(),
        rpc,
        quorum,
        gateways,
        governance.get().version(),
        governance.get().governance()));
  }

  private record Pinned(long version, Governance governance) {}

  private static Optional<Pinned> governance(Fields fields) {
    Optional<List<EvmAddress>> approvers = addresses(fields, "approvers");
    Optional<List<EvmAddress>> guardians = addresses(fields, "guardians");
    if (approvers.isPresent() && approvers.get().isEmpty()) {
      fields.error(
          "approvers", CODE, "no approver", "A vault has 1 to " + MAX_PARTIES + " approvers.");
      return Optional.empty();
    }
    int most = approvers.map(List::size).orElse(MAX_PARTIES);
    long threshold = fields.integer("threshold", 0, 1, most);
    if (!fields.has("threshold")) {
      fields.error(
          "threshold",
          CODE,
          "threshold missing",
          "Say how many approvers must agree: 1 to " + most + ".");
    }
    long version = fields.integer("version", 0, 0, Long.MAX_VALUE);
    Duration delay = fields.findDuration("unfreezeDelay").orElse(Duration.ZERO);
    if (approvers.isEmpty()
        || guardians.isEmpty()
        || threshold < 1
        || threshold > most
        || version < 0) {
      return Optional.empty();
    }
    return Optional.of(new Pinned(
        version, new Governance(approvers.get(), (int) threshold, guardians.get(), delay)));
  }

  private static Optional<List<EvmAddress>> addresses(Fields fields, String key) {
    TreeSet<EvmAddress> found = new TreeSet<>(Comparator.naturalOrder());
    List<String> texts = fields.strings(key);
    boolean good = texts.size() <= MAX_PARTIES;
    if (!good) {
      fields.error(
          key, CODE, "too many " + key, "At most " + MAX_PARTIES + ", got " + texts.size() + ".");
    }
    for (String text : texts) {
      try {
        if (!found.add(EvmAddress.parse(text))) {
          fields.error(key, CODE, "address twice", text + " is listed twice in " + key + ".");
          good = false;
        }
      } catch (IllegalArgumentException e) {
        fields.error(key, CODE, "not an address", e.getMessage());
        good = false;
      }
    }
    return good ? Optional.of(List.copyOf(found)) : Optional.empty();
  }

  private static List<String> urls(Fields fields, String key) {
    List<String> urls = new ArrayList<>();
    for (String text : fields.strings(key)) {
      try {
        URI uri = new URI(text);
        if (uri.getHost() == null
            || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
          fields.error(
              key, CODE, "not an HTTP URL", "\"" + text + "\" should look like https://host:port.");
        } else {
          urls.add(text);
        }
      } catch (URISyntaxException e) {
        fields.error(key, CODE, "not a URL", e.getMessage());
      }
    }
    return urls;
  }

  private static <T> Optional<T> parsed(Fields fields, String key, Function<String, T> parse) {
    if (!fields.has(key)) {
      fields.error(key, CODE, key + " missing", "Print the anchor again with `dvault anchor`.");
      return Optional.empty();
    }
    String text = fields.requireString(key);
    try {
      return Optional.of(parse.apply(text));
    } catch (IllegalArgumentException e) {
      fields.error(key, CODE, "wrong " + key, e.getMessage());
      return Optional.empty();
    }
  }

  /** The file, ready to be written; ends with a line feed. */
  public static String write(Anchor anchor) {
    StringBuilder text = new StringBuilder(1024);
    text.append("apiVersion: dvault.io/v1\nkind: Anchor\nmetadata:\n  name: ")
        .append(anchor.name());
    text.append("\nspec:\n  vault: \"0x").append(anchor.vault()).append("\"\n  chain:\n");
    text.append("    id: ").append(anchor.ref().chainId()).append('\n');
    text.append("    contract: \"").append(anchor.ref().contract()).append("\"\n");
    text.append("    codeHash: \"0x").append(anchor.codeHash()).append("\"\n");
    list(text, "    ", "rpc", anchor.rpc());
    text.append("    quorum: ").append(anchor.quorum()).append('\n');
    list(text, "  ", "gateways", anchor.gateways());
    Governance governance = anchor.governance();
    text.append("  governance:\n    version: ")
        .append(anchor.governanceVersion())
        .append('\n');
    text.append("    threshold: ").append(governance.threshold()).append('\n');
    list(text, "    ", "approvers", governance.approvers());
    list(text, "    ", "guardians", governance.guardians());
    text.append("    unfreezeDelay: ")
        .append(governance.unfreezeDelay().toSeconds())
        .append("s\n");
    return text.toString();
  }

  private static void list(StringBuilder text, String indent, String key, List<?> values) {
    text.append(indent).append(key).append(':');
    if (values.isEmpty()) {
      text.append(" []");
    }
    text.append('\n');
    for (Object value : values) {
      String escaped = value.toString().replace("\\", "\\\\").replace("\"", "\\\"");
      text.append(indent).append("  - \"").append(escaped).append("\"\n");
    }
  }
}

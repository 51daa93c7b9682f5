package io.dvault.policy;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** All that a rule can ask about. {@code docs/policy.md} has the same tables, and a test holds them together. */
final class Vocabulary {
  private static final CelType TEXT = SimpleType.STRING;
  private static final CelType NUMBER = SimpleType.INT;
  private static final CelType FLAG = SimpleType.BOOL;
  private static final CelType TIME = SimpleType.DURATION;
  private static final CelType TEXTS = ListType.create(SimpleType.STRING);
  private static final CelType LABELS = MapType.create(SimpleType.STRING, SimpleType.STRING);
  private static final CelType ANYTHING = MapType.create(SimpleType.STRING, SimpleType.DYN);

  static final Struct DEVICE = Struct.of(
      "Device",
      new Field("name", TEXT, "the device's name"),
      new Field("labels", LABELS, "its labels; ask with has() or `in` whether one is there"));

  static final Struct INSTALL = Struct.of(
      "Install",
      new Field("path", TEXT, "folder on the device"),
      new Field("action", TEXT, "name of the action afterwards"),
      new Field("owner", TEXT, "user or user:group"));

  static final Struct CHANGE = Struct.of(
      "Change",
      new Field(
          "address", TEXT, "`Kind/name@device`; empty for an entry that nobody here can name"),
      new Field("kind", TEXT, "kind of the entry, `Grant`"),
      new Field("name", TEXT, "name of the declaration"),
      new Field("device", DEVICE.reference(), "where it is installed"),
      new Field("action", TEXT, "`issue`, `rotate` or `revoke`"),
      new Field("reason", TEXT, "why, as a code: `not-issued`, `expiring`, `spec-changed`, …"),
      new Field("generation", NUMBER, "the generation that comes, or goes"),
      new Field("ttl", TIME, "how long what is issued lives"),
      new Field("renewBefore", TIME, "how long before its end it is renewed"),
      new Field("once", FLAG, "whether it ends for good, as grants do"),
      new Field("authority", TEXT, "name of the authority that signs"),
      new Field("keyType", TEXT, "type of its key, as in a .pub file: `ssh-ed25519`"),
      new Field("principals", TEXTS, "principals of a certificate, placeholders filled in"),
      new Field("account", TEXT, "account whose `authorized_keys` gets a line"),
      new Field("install", INSTALL.reference(), "where its files go"),
      new Field("protect", FLAG, "whether it is declared as protected"),
      new Field(
          "spec",
          ANYTHING,
          "every field that the kind issues from, a plugin's too; `ttl` in seconds"));

  static final Struct AUTHORITY = Struct.of(
      "AuthorityChange",
      new Field("name", TEXT, "name of the authority; empty when it is no longer declared"),
      new Field("type", TEXT, "`ssh`, `tls`"),
      new Field("generation", NUMBER, "which of its keys"),
      new Field("from", TEXT, "`prepared`, `active`, `tainted`, `revoked`; empty for a new one"),
      new Field("to", TEXT, "what it becomes"));

  static final Struct REPOSITORY = Struct.of(
      "Repository",
      new Field("commit", TEXT, "git commit; empty without one"),
      new Field("clean", FLAG, "whether the files are those of the commit"));

  static final Struct PLAN = Struct.of(
      "Plan",
      new Field("changes", ListType.create(CHANGE.reference()), "all changes"),
      new Field("issues", NUMBER, "how many are issued"),
      new Field("rotations", NUMBER, "how many are replaced"),
      new Field("revocations", NUMBER, "how many are taken away"),
      new Field("keeps", NUMBER, "how many stay as they are"),
      new Field(
          "authorities",
          ListType.create(AUTHORITY.reference()),
          "what becomes of keys of authorities"),
      new Field("rulesChange", FLAG, "whether the rules that devices enforce change"),
      new Field("epoch", NUMBER, "the epoch that the plan starts from; 0 before the first commit"),
      new Field("repository", REPOSITORY.reference(), "what it was made from"));

  static final Struct VAULT = Struct.of(
      "Vault",
      new Field("name", TEXT, "its name"),
      new Field("id", TEXT, "its id, 0x and 64 hex digits"),
      new Field("chain", NUMBER, "the chain's number"),
      new Field("threshold", NUMBER, "how many approvals a commit needs, as declared"),
      new Field("approvers", TEXTS, "names of the declared approvers"),
      new Field("devices", NUMBER, "how many devices are declared"),
      new Field("entries", NUMBER, "how many entries are declared"));

  static final List<Struct> ALL =
      List.of(CHANGE, DEVICE, INSTALL, PLAN, AUTHORITY, REPOSITORY, VAULT);

  private Vocabulary() {}

  static Optional<Struct> find(CelType type) {
    return ALL.stream().filter(struct -> struct.is(type)).findFirst();
  }

  /** @param more a type beside those of the vocabulary, asked for each time: the variables of a policy */
  static CelTypeProvider types(Supplier<Struct> more) {
    List<CelType> types = ALL.stream().<CelType>map(Struct::celType).toList();
    return new CelTypeProvider() {
      @Override
      public ImmutableCollection<CelType> types() {
        return ImmutableList.<CelType>builder()
            .addAll(types)
            .add(more.get().celType())
            .build();
      }

      @Override
      public Optional<CelType> findType(String name) {
        return types().stream().filter(type -> type.name().equals(name)).findFirst();
      }
    };
  }
}

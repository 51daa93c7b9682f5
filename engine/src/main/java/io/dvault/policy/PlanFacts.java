package io.dvault.policy;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborList;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.CborValue.CborText;
import io.dvault.desired.DesiredState;
import io.dvault.desired.DeviceDeclaration;
import io.dvault.desired.VaultSettings.Party;
import io.dvault.model.EntryAddress;
import io.dvault.plan.AuthorityTransition;
import io.dvault.plan.Change;
import io.dvault.plan.Change.Issuing;
import io.dvault.plan.Change.Keep;
import io.dvault.plan.Change.Revoke;
import io.dvault.plan.Plan;
import io.dvault.registry.AuthorityStatus;
import io.dvault.spi.EntryTemplate;
import io.dvault.spi.EntryTemplate.Renewal;
import io.dvault.spi.SecretKind;
import java.time.Duration;
import java.util.AbstractList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A plan as rules see it; a change is put into their words when a rule looks at it, and not kept. */
final class PlanFacts {
  private final Plan plan;
  private final DesiredState desired;
  private final Map<String, SecretKind> kinds;

  private PlanFacts(Plan plan, DesiredState desired, Map<String, SecretKind> kinds) {
    this.plan = plan;
    this.desired = desired;
    this.kinds = kinds;
  }

  /** @param kinds by entry kind */
  static Facts of(Plan plan, DesiredState desired, Map<String, SecretKind> kinds) {
    PlanFacts facts = new PlanFacts(plan, desired, kinds);
    List<Change> decisions = plan.changes().stream()
        .filter(change -> !(change instanceof Revoke revoke && revoke.housekeeping()))
        .toList();
    List<Keep> kept = plan.rules().isEmpty()
        ? List.of()
        : plan.keeps().stream().filter(keep -> !keep.ended()).toList();
    List<Map<String, Object>> changes = facts.words(decisions);
    return new Facts(facts.plan(changes), facts.vault(), plan.at(), changes, facts.words(kept));
  }

  private List<Map<String, Object>> words(List<? extends Change> changes) {
    return new AbstractList<>() {
      @Override
      public Map<String, Object> get(int index) {
        return change(changes.get(index));
      }

      @Override
      public int size() {
        return changes.size();
      }
    };
  }

  private Map<String, Object> plan(List<Map<String, Object>> changes) {
    Map<String, Object> map = new HashMap<>();
    map.put("changes", changes);
    map.put("issues", (long) plan.issues());
    map.put("rotations", (long) plan.rotations());
    map.put("revocations", (long) plan.revocations());
    map.put("keeps", (long) plan.keeps().size());
    map.put("authorities", plan.authorities().stream().map(PlanFacts::authority).toList());
    map.put("rulesChange", plan.rules().isPresent());
    map.put("epoch", plan.base().epoch());
    map.put(
        "repository",
        Map.of("commit", plan.base().commit(), "clean", plan.base().clean()));
    return map;
  }

  private static Map<String, Object> authority(AuthorityTransition change) {
    return Map.of(
        "name", change.name().orElse(""),
        "type", change.type(),
        "generation", change.generation(),
        "from", change.from().map(PlanFacts::word).orElse(""),
        "to", word(change.to()));
  }

  private static String word(AuthorityStatus status) {
    return status.name().toLowerCase(Locale.ROOT);
  }

  private Map<String, Object> vault() {
    Map<String, Object> map = new HashMap<>();
    map.put("name", desired.vault().name());
    map.put("id", "0x" + plan.base().vault());
    map.put("chain", plan.base().chainId());
    map.put("threshold", (long) desired.vault().governance().threshold());
    map.put(
        "approvers",
        desired.vault().governance().approvers().stream().map(Party::name).toList());
    map.put("devices", (long) desired.devices().size());
    map.put("entries", (long) desired.entries().size());
    return map;
  }

  private Map<String, Object> change(Change change) {
    Optional<EntryTemplate> template = change instanceof Issuing issuing
        ? Optional.of(issuing.desired().template())
        : change.address().flatMap(desired::findEntry).map(entry -> entry.template());
    Map<String, Object> map = new HashMap<>();
    map.put("address", change.address().map(EntryAddress::toString).orElse(""));
    map.put("kind", kind(change));
    map.put("name", change.address().map(EntryAddress::name).orElse(""));
    map.put("device", device(change.address().map(EntryAddress::device).orElse("")));
    map.put("action", action(change));
    map.put("reason", change.reason().code().text());
    map.put("generation", generation(change));
    map.put("ttl", template.map(EntryTemplate::ttl).orElse(Duration.ZERO));
    map.put("renewBefore", template.map(EntryTemplate::renewBefore).orElse(Duration.ZERO));
    map.put("once", template.filter(each -> each.renewal() == Renewal.ONCE).isPresent());
    map.put("authority", template.flatMap(EntryTemplate::authority).orElse(""));
    map.put("keyType", template.flatMap(this::keyType).orElse(""));
    CborMap spec = template.map(EntryTemplate::spec).orElse(CborValue.of(Map.of()));
    CborMap install = template.map(EntryTemplate::install).orElse(CborValue.of(Map.of()));
    map.put("principals", texts(spec, "principals"));
    map.put("account", text(install, "account"));
    map.put(
        "install",
        Map.of(
            "path",
            text(install, "path"),
            "action",
            text(install, "action"),
            "owner",
            text(install, "owner")));
    map.put("protect", template.filter(EntryTemplate::protect).isPresent() || wasProtected(change));
    map.put("spec", SpecValues.of(spec));
    return map;
  }

  private Optional<String> keyType(EntryTemplate template) {
    return Optional.ofNullable(kinds.get(template.address().kind()))
        .flatMap(kind -> kind.keyType(template));
  }

  private static boolean wasProtected(Change change) {
    return change instanceof Revoke revoke && revoke.protect().orElse(false);
  }

  private Map<String, Object> device(String name) {
    return Map.of(
        "name",
        name,
        "labels",
        desired.findDevice(name).map(DeviceDeclaration::labels).orElse(Map.of()));
  }

  private static String kind(Change change) {
    return change
        .address()
        .map(EntryAddress::kind)
        .orElseGet(() -> change instanceof Revoke revoke ? revoke.old().kind() : "");
  }

  private static String action(Change change) {
    return switch (change) {
      case Change.Issue issue -> "issue";
      case Change.Rotate rotate -> "rotate";
      case Revoke revoke -> "revoke";
      case Keep keep -> "keep";
    };
  }

  private static long generation(Change change) {
    return switch (change) {
      case Issuing issuing -> issuing.generation();
      case Revoke revoke -> revoke.old().generation();
      case Keep keep -> keep.record().generation();
    };
  }

  private static String text(CborMap map, String key) {
    return map.find(key).orElse(CborValue.NULL) instanceof CborText text ? text.value() : "";
  }

  private static List<Object> texts(CborMap map, String key) {
    return map.find(key).orElse(CborValue.NULL) instanceof CborList list
        ? list.items().stream()
            .filter(CborText.class::isInstance)
            .map(SpecValues::of)
            .toList()
        : List.of();
  }
}

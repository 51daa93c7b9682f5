package io.dvault.plan;

import io.dvault.desired.DesiredEntry;
import io.dvault.desired.Selection;
import io.dvault.model.Durations;
import io.dvault.plan.Change.Revoke;
import io.dvault.plan.Change.Rotate;
import io.dvault.spi.EntryTemplate;
import io.dvault.spi.EntryTemplate.Renewal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The lines below a change. Specs hold no secret by contract, and nothing else is shown. */
final class FieldChanges {
  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private FieldChanges() {}

  /** Who gets it and why just they, who signs, what is in it, until when. */
  static List<FieldChange> ofNew(DesiredEntry desired, CanonicalSpec canonical, Instant at) {
    EntryTemplate template = desired.template();
    List<FieldChange> fields = new ArrayList<>();
    desired
        .chosen()
        .map(Selection::words)
        .ifPresent(words -> fields.add(new FieldChange("device", "", "by " + words)));
    Map<String, String> values = SpecFields.of(canonical);
    values.remove("ttl");
    values.keySet().removeIf(name -> name.startsWith(SpecFields.PEER));
    values.forEach((name, value) -> fields.add(new FieldChange(name, "", value)));
    boolean once = template.renewal() == Renewal.ONCE;
    fields.add(new FieldChange(
        "ttl",
        "",
        Durations.format(template.ttl()) + (once ? " from the commit" : "") + ", until "
            + time(Validities.of(template, at).notAfter()) + " if applied now"));
    if (template.protect()) {
      fields.add(new FieldChange("protected", "", "yes"));
    }
    return List.copyOf(fields);
  }

  static List<FieldChange> ofRotation(Rotate rotate, Instant at) {
    List<FieldChange> fields = new ArrayList<>();
    rotate
        .before()
        .name()
        .ifPresent(name -> fields.add(
            new FieldChange("name", name.secret(), rotate.desired().address().secret())));
    if (!rotate.from().equals(rotate.device())) {
      fields.add(new FieldChange(
          "recipient",
          "sha256 " + rotate.from().bytes().abbreviated(),
          "sha256 " + rotate.device().bytes().abbreviated()));
    }
    rotate
        .before()
        .spec()
        .ifPresent(before ->
            fields.addAll(differences(SpecFields.of(before), SpecFields.of(rotate.canonical()))));
    fields.add(new FieldChange(
        "notAfter",
        time(rotate.old().validity().notAfter()),
        time(Validities.of(rotate.desired().template(), at).notAfter())));
    fields.add(new FieldChange(
        "generation",
        String.valueOf(rotate.old().generation()),
        String.valueOf(rotate.generation())));
    return List.copyOf(fields);
  }

  /** Every field that is not the same, in the order of the new ones; those that went last. */
  private static List<FieldChange> differences(
      Map<String, String> before, Map<String, String> after) {
    Set<String> names = new LinkedHashSet<>(after.keySet());
    names.addAll(before.keySet());
    return names.stream()
        .map(name -> new FieldChange(
            name, before.getOrDefault(name, "none"), after.getOrDefault(name, "none")))
        .filter(field -> !field.before().equals(field.after()))
        .toList();
  }

  static List<FieldChange> ofRevocation(Revoke revoke, Instant at) {
    List<FieldChange> fields = new ArrayList<>();
    revoke
        .protect()
        .ifPresent(protect -> fields.add(new FieldChange("protected", protect ? "yes" : "no", "")));
    Instant end = revoke.old().validity().notAfter();
    fields.add(new FieldChange("notAfter", time(end), at.isBefore(end) ? "now" : ""));
    return List.copyOf(fields);
  }

  static String time(Instant instant) {
    return MINUTES.format(instant);
  }
}

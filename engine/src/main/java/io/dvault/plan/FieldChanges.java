package io.dvault.plan;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborBool;
import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.cbor.CborValue.CborInt;
import io.dvault.cbor.CborValue.CborLink;
import io.dvault.cbor.CborValue.CborList;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.CborValue.CborNull;
import io.dvault.cbor.CborValue.CborText;
import io.dvault.plan.PlanInput.Former;
import io.dvault.registry.EntryRecord;
import io.dvault.spi.EntryTemplate;
import io.dvault.spi.EntryTemplate.Renewal;
import io.dvault.model.Durations;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The lines below a change. Specs hold no secret by contract, and nothing else is shown. */
final class FieldChanges {
  private static final int WIDTH = 72;
  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private FieldChanges() {}

  static List<FieldChange> ofNew(EntryTemplate template) {
    List<FieldChange> fields = new ArrayList<>();
    template.authority().ifPresent(name -> fields.add(new FieldChange("authority", "", name)));
    add(fields, template.spec());
    add(fields, template.install());
    boolean once = template.renewal() == Renewal.ONCE;
    fields.add(new FieldChange("ttl", "", Durations.format(template.ttl()) + (once ? " from the commit" : "")));
    return List.copyOf(fields);
  }

  private static void add(List<FieldChange> fields, CborMap map) {
    for (Map.Entry<String, CborValue> each : map.entries().entrySet()) {
      boolean told = fields.stream().anyMatch(field -> field.name().equals(each.getKey()));
      boolean mode = each.getKey().equals("mode") && each.getValue() instanceof CborInt;
      String text = mode ? octal((CborInt) each.getValue()) : text(each.getValue());
      if (!each.getKey().equals("ttl") && !told && !text.isEmpty()) {
        fields.add(new FieldChange(each.getKey(), "", shortened(text)));
      }
    }
  }

  static List<FieldChange> ofRotation(EntryTemplate template, EntryRecord old, Instant now) {
    return List.of(
        new FieldChange("notAfter", time(old.validity().notAfter()), time(Validities.of(template, now).notAfter())),
        new FieldChange("generation", String.valueOf(old.generation()), String.valueOf(old.generation() + 1)));
  }

  static List<FieldChange> ofRevocation(EntryRecord old, Optional<Former> former, Instant now) {
    List<FieldChange> fields = new ArrayList<>();
    former.ifPresent(known -> fields.add(new FieldChange("protected", known.protect() ? "yes" : "no", "")));
    fields.add(new FieldChange("notAfter", time(old.validity().notAfter()), now.isBefore(old.validity().notAfter())
        ? "now" : ""));
    return List.copyOf(fields);
  }

  static String time(Instant instant) {
    return MINUTES.format(instant);
  }

  /** Permission bits as everybody writes them, {@code 0600}. */
  private static String octal(CborInt mode) {
    return "0" + mode.value().toString(8);
  }

  private static String text(CborValue value) {
    return switch (value) {
      case CborText text -> text.value();
      case CborInt number -> number.value().toString();
      case CborBool bool -> bool.value() ? "yes" : "no";
      case CborList list -> list.items().stream().map(FieldChanges::text).collect(Collectors.joining(", "));
      case CborMap map -> map.entries().entrySet().stream()
          .map(each -> each.getKey() + " " + text(each.getValue())).collect(Collectors.joining(", "));
      case CborBytes bytes -> "";
      case CborNull none -> "";
      case CborLink link -> link.cid().toString();
      case CborValue.CborFloat number -> String.valueOf(number.value());
    };
  }

  private static String shortened(String text) {
    String clean = text.replaceAll("\\p{Cntrl}", "?");
    return clean.length() <= WIDTH ? clean : clean.substring(0, WIDTH - 1) + "…";
  }
}

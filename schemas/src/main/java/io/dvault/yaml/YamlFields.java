package io.dvault.yaml;

import io.dvault.model.Diagnostic;
import io.dvault.model.Durations;
import io.dvault.model.SourcePosition;
import io.dvault.model.Spelling;
import io.dvault.yaml.YamlNode.Field;
import io.dvault.yaml.YamlNode.Mapping;
import io.dvault.yaml.YamlNode.Scalar;
import io.dvault.yaml.YamlNode.Sequence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@link Fields} over a parsed mapping. The reader of the root calls {@link #finish} once, when everyone has asked. */
public final class YamlFields implements Fields {
  private final YamlDocument document;
  private final YamlNode place;
  private final Map<String, Field> fields;
  private final String subject;
  private final Findings findings;
  private final Set<String> asked = new LinkedHashSet<>();
  private final Map<String, List<YamlFields>> children = new HashMap<>();
  private boolean anyKey;

  private YamlFields(YamlDocument document, YamlNode place, String subject, Findings findings) {
    this.document = document;
    this.place = place;
    this.fields = place instanceof Mapping mapping ? mapping.fields() : Map.of();
    this.subject = subject;
    this.findings = findings;
  }

  static YamlFields ofRoot(YamlDocument document, String subject, Findings findings) {
    YamlFields root = new YamlFields(document, document.root(), subject, findings);
    if (!(document.root() instanceof Mapping)) {
      root.report(document.root(), "DV011", "expected fields, found " + shape(document.root()));
    }
    return root;
  }

  /**
   * Reads a text of one document: for tests and small files. Findings go to {@code findings}, positions name {@code
   * file}.
   */
  public static YamlFields parse(String file, String yaml, Findings findings) {
    List<YamlDocument> documents =
        YamlReader.read(file, yaml.getBytes(java.nio.charset.StandardCharsets.UTF_8), findings);
    if (documents.size() == 1) {
      return ofRoot(documents.getFirst(), "", findings);
    }
    Mapping nothing = new Mapping(Map.of(), 1, 1, 1);
    YamlFields empty = new YamlFields(
        new YamlDocument(new YamlSource(file, yaml), nothing), nothing, "", findings);
    if (!findings.hasErrors()) {
      empty.report(nothing, "DV011", "expected one document, found " + documents.size());
    }
    return empty;
  }

  /** The same mapping, of which nobody has asked for anything yet. */
  public YamlFields again() {
    return new YamlFields(document, place, subject, findings);
  }

  /** Reports the fields that nobody asked for, here and below. */
  public void finish() {
    if (!anyKey) {
      List<String> known =
          asked.stream().filter(key -> !fields.containsKey(key)).toList();
      fields.forEach((key, field) -> {
        if (!asked.contains(key)) {
          String hint = Spelling.hint(key, known.isEmpty() ? asked : known);
          String[] detail = hint.isEmpty() && !asked.isEmpty()
              ? new String[] {
                "Known fields: " + String.join(", ", asked.stream().sorted().toList()) + "."
              }
              : new String[0];
          add(
              Diagnostic.error("DV012", "unknown field \"" + key + "\"", detail).hinting(hint),
              field.key());
        }
      });
    }
    children.values().forEach(each -> each.forEach(YamlFields::finish));
  }

  @Override
  public SourcePosition position() {
    return document.position(place);
  }

  @Override
  public SourcePosition position(String key) {
    return document.position(placeOf(key));
  }

  private YamlNode placeOf(String key) {
    Field field = fields.get(key);
    return field == null ? place : field.value();
  }

  @Override
  public boolean has(String key) {
    return value(key).isPresent();
  }

  /** The value when it is there and not null; a field without a value is a finding. */
  private Optional<YamlNode> value(String key) {
    asked.add(key);
    Field field = fields.get(key);
    if (field == null) {
      return Optional.empty();
    }
    if (field.value() instanceof Scalar scalar && Scalars.isNothing(scalar)) {
      add(
          Diagnostic.error(
              "DV017", "field \"" + key + "\" has no value", "Add a value, or remove the field."),
          field.key());
      return Optional.empty();
    }
    return Optional.of(field.value());
  }

  private Optional<YamlNode> required(String key) {
    Optional<YamlNode> value = value(key);
    if (value.isEmpty() && !fields.containsKey(key)) {
      report(place, "DV013", "missing field \"" + key + "\"");
    }
    return value;
  }

  private Optional<Scalar> scalar(Optional<YamlNode> value, String key, String wanted) {
    if (value.isPresent() && !(value.get() instanceof Scalar)) {
      report(
          value.get(),
          "DV011",
          "\"" + key + "\" is " + shape(value.get()) + ", expected " + wanted);
      return Optional.empty();
    }
    return value.map(Scalar.class::cast);
  }

  private Optional<String> text(Optional<Scalar> scalar, String key) {
    return scalar
        .filter(each -> {
          if (Scalars.isNothing(
              each)) { // an item of a list: fields without a value were told off before
            report(
                each,
                "DV017",
                "\"" + key + "\" holds an item without a value",
                "Add a value, or remove it.");
            return false;
          }
          String other = Scalars.otherThanText(each);
          if (!other.isEmpty()) {
            report(
                each,
                "DV014",
                "\"" + key + "\" is " + other + ", expected text",
                "Write it in quotes: \"" + each.text() + "\".");
          }
          return other.isEmpty();
        })
        .map(Scalar::text);
  }

  @Override
  public String requireString(String key) {
    Optional<String> text = text(scalar(required(key), key, "text"), key);
    if (text.isPresent() && text.get().isBlank()) {
      report(placeOf(key), "DV017", "field \"" + key + "\" is empty");
    }
    return text.orElse("");
  }

  @Override
  public Optional<String> findString(String key) {
    return text(scalar(value(key), key, "text"), key);
  }

  @Override
  public Optional<SourceText> findSource(String key) {
    return findString(key).map(text -> document.sourceText((Scalar) placeOf(key), subject));
  }

  @Override
  public String choice(String key, String fallback, List<String> allowed) {
    Optional<String> text = findString(key);
    if (text.isPresent() && !allowed.contains(text.get())) {
      add(
          Diagnostic.error(
                  "DV015",
                  "\"" + key + "\" cannot be \"" + text.get() + "\"",
                  "It is one of: " + String.join(", ", allowed) + ".")
              .hinting(Spelling.hint(text.get(), allowed)),
          placeOf(key));
      return fallback;
    }
    return text.orElse(fallback);
  }

  @Override
  public long integer(String key, long fallback, long min, long max) {
    Optional<Scalar> scalar = scalar(value(key), key, "a whole number");
    if (scalar.isEmpty()) {
      return fallback;
    }
    if (!Scalars.isInteger(scalar.get())) {
      report(
          scalar.get(),
          "DV014",
          "\"" + key + "\" is not a whole number",
          "Write digits only, without quotes or leading zeros.");
      return fallback;
    }
    long number = Long.parseLong(scalar.get().text());
    if (number < min || number > max) {
      report(
          scalar.get(),
          "DV016",
          "\"" + key + "\" is out of range",
          "It is at least %,d and at most %,d.".formatted(min, max));
      return fallback;
    }
    return number;
  }

  @Override
  public boolean bool(String key, boolean fallback) {
    Optional<Scalar> scalar = scalar(value(key), key, "true or false");
    if (scalar.isEmpty() || Scalars.isBoolean(scalar.get())) {
      return scalar
          .map(each -> each.text().toLowerCase(Locale.ROOT).equals("true"))
          .orElse(fallback);
    }
    report(
        scalar.get(),
        "DV014",
        "\"" + key + "\" is not true or false",
        Scalars.isOldBoolean(scalar.get())
            ? "In YAML 1.2 \"" + scalar.get().text()
                + "\" is a text, not a boolean. Write true or false."
            : "Write true or false, without quotes.");
    return fallback;
  }

  @Override
  public Duration requireDuration(String key) {
    return duration(scalar(required(key), key, "a duration"), key).orElse(Duration.ZERO);
  }

  @Override
  public Optional<Duration> findDuration(String key) {
    return duration(scalar(value(key), key, "a duration"), key);
  }

  private Optional<Duration> duration(Optional<Scalar> scalar, String key) {
    return scalar.flatMap(each -> {
      Optional<Duration> duration = Durations.parse(each.text());
      if (duration.isEmpty()) {
        report(
            each,
            "DV014",
            "\"" + key + "\" is not a duration",
            "Write numbers with units, large ones first: 30s, 5m, 12h, 7d, 4w, 1h30m.");
      }
      return duration;
    });
  }

  @Override
  public List<String> strings(String key) {
    List<String> texts = new ArrayList<>();
    for (YamlNode item : items(key)) {
      text(scalar(Optional.of(item), key, "text"), key).ifPresent(texts::add);
    }
    return List.copyOf(texts);
  }

  private List<YamlNode> items(String key) {
    Optional<YamlNode> value = value(key);
    if (value.isPresent() && !(value.get() instanceof Sequence)) {
      report(
          value.get(),
          "DV011",
          "\"" + key + "\" is " + shape(value.get()) + ", expected a list",
          "Write [a, b], also for a single one.");
    }
    return value.orElse(null) instanceof Sequence sequence ? sequence.items() : List.of();
  }

  @Override
  public Map<String, String> stringMap(String key) {
    Map<String, String> texts = new LinkedHashMap<>();
    YamlFields nested = child(key);
    for (String each : nested.keys()) {
      nested.findString(each).ifPresent(text -> texts.put(each, text));
    }
    return java.util.Collections.unmodifiableMap(texts);
  }

  @Override
  public Map<String, Object> tree(String key) {
    Optional<YamlNode> value = value(key);
    if (value.isPresent() && !(value.get() instanceof Mapping)) {
      report(
          value.get(), "DV011", "\"" + key + "\" is " + shape(value.get()) + ", expected fields");
    }
    return value.orElse(null) instanceof Mapping mapping ? Scalars.tree(mapping) : Map.of();
  }

  @Override
  public YamlFields map(String key) {
    return child(key);
  }

  private YamlFields child(String key) {
    return children.computeIfAbsent(key, this::makeChild).getFirst();
  }

  private List<YamlFields> makeChild(String key) {
    Optional<YamlNode> value = value(key);
    if (value.isPresent() && !(value.get() instanceof Mapping)) {
      report(
          value.get(), "DV011", "\"" + key + "\" is " + shape(value.get()) + ", expected fields");
    }
    YamlNode at = value.filter(Mapping.class::isInstance).orElse(placeOf(key));
    return List.of(new YamlFields(
        document, at instanceof Mapping && value.isPresent() ? at : hollow(at), subject, findings));
  }

  /** An empty mapping where {@code at} is. */
  private static Mapping hollow(YamlNode at) {
    return new Mapping(Map.of(), at.line(), at.column(), at.length());
  }

  @Override
  public List<Fields> maps(String key) {
    return List.copyOf(children.computeIfAbsent(key, this::makeChildren));
  }

  private List<YamlFields> makeChildren(String key) {
    List<YamlFields> made = new ArrayList<>();
    for (YamlNode item : items(key)) {
      if (item instanceof Mapping) {
        made.add(new YamlFields(document, item, subject, findings));
      } else {
        report(item, "DV011", "\"" + key + "\" holds " + shape(item) + ", expected fields");
      }
    }
    return List.copyOf(made);
  }

  @Override
  public List<String> keys() {
    anyKey = true;
    return List.copyOf(fields.keySet());
  }

  @Override
  public void error(String key, String code, String summary, String... detail) {
    report(placeOf(key), code, summary, detail);
  }

  @Override
  public void warning(String key, String code, String summary, String... detail) {
    add(Diagnostic.warning(code, summary, detail), placeOf(key));
  }

  @Override
  public void errorWithoutSource(String key, String code, String summary, String... detail) {
    findings.add(Diagnostic.error(code, summary, detail).on(subject).at(position(key)));
  }

  private void report(YamlNode at, String code, String summary, String... detail) {
    add(Diagnostic.error(code, summary, detail), at);
  }

  private void add(Diagnostic diagnostic, YamlNode at) {
    findings.add(document.locate(diagnostic.on(subject), at));
  }

  private static String shape(YamlNode node) {
    return switch (node) {
      case Scalar scalar -> "a single value";
      case Sequence sequence -> "a list";
      case Mapping mapping -> "a mapping";
    };
  }
}

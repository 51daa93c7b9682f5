package io.dvault.plugin.token;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborBool;
import io.dvault.cbor.CborValue.CborInt;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.CborValue.CborText;
import io.dvault.yaml.Fields;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where a token's value comes from: {@code from:} in YAML, and the same in the entry's spec. Holds no secret. */
sealed interface TokenOrigin {
  int MIN_BYTES = 16;
  int MAX_BYTES = 1024;
  int DEFAULT_BYTES = 32;

  /** Fresh for every device and at every renewal. */
  record Random(int bytes, Encoding encoding) implements TokenOrigin {}

  /**
   * Read by the engine when it issues.
   *
   * @param reference {@code env:NAME}, {@code file:PATH}, {@code age:PATH}, {@code exec:COMMAND}
   * @param trim whether one line break at the end is dropped
   */
  record Referenced(String reference, boolean trim) implements TokenOrigin {}

  /** The sources by reference, with what a name of each looks like. */
  enum Source {
    ENV(
        "env",
        Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}"),
        "an environment variable: letters, digits, _"),
    FILE(
        "file",
        Pattern.compile("[^\\p{Cntrl}]{1,1024}"),
        "a path, relative to the repository or absolute"),
    AGE(
        "age",
        Pattern.compile("[^\\p{Cntrl}]{1,1024}"),
        "the path of an age file, relative to the repository or absolute"),
    EXEC("exec", Pattern.compile("[^\\p{Cntrl}]{1,1024}"), "a command");

    private final String key;
    private final Pattern name;
    private final String words;

    Source(String key, Pattern name, String words) {
      this.key = key;
      this.name = name;
      this.words = words;
    }
  }

  /** Reads {@code spec.from}; what is wrong is reported there, and 32 random bytes returned. */
  static TokenOrigin read(Fields spec) {
    Fields from = spec.map("from");
    rejectPlaintext(spec);
    rejectPlaintext(from);
    int count = from.has("random") ? 1 : 0;
    Optional<TokenOrigin> referenced = Optional.empty();
    for (Source source : Source.values()) {
      if (from.has(source.key)) {
        count++;
        referenced = Optional.of(referenced(from, source));
      }
    }
    if (count != 1) {
      spec.errorWithoutSource(
          "from",
          "DV161",
          count == 0 ? "no source of the token" : "more than one source of the token",
          "Say once where it comes from: from: {random: {bytes: 32}}, {env: NAME}, {file: PATH}, {age: PATH}"
              + " or {exec: COMMAND}.");
    }
    return referenced.orElseGet(() -> random(from.map("random")));
  }

  /** docs/requirements.md A7. The line is not shown: a diagnostic may end up in a public log. */
  private static void rejectPlaintext(Fields fields) {
    if (fields.has("value")) {
      fields.errorWithoutSource(
          "value",
          "DV160",
          "a secret is written out in YAML",
          "Anyone who can read the repository can read it, also in git's history. Replace the secret.",
          "Refer to it instead: from: {env: NAME}, {file: PATH}, {age: PATH} or {exec: COMMAND};"
              + " or let dVault make one: {random: {bytes: 32}}.");
    }
  }

  private static Referenced referenced(Fields from, Source source) {
    String name = from.requireString(source.key);
    if (!name.isEmpty() && !source.name.matcher(name).matches()) {
      from.errorWithoutSource(
          source.key,
          "DV162",
          "\"" + source.key + "\" does not name a source",
          "It names " + source.words + ". The secret itself never stands here.");
    }
    // Files may be binary, where a last 0x0a belongs to the content; what people set or print ends
    // in one by accident.
    return new Referenced(
        source.key + ":" + name, from.bool("trim", source == Source.ENV || source == Source.EXEC));
  }

  private static Random random(Fields random) {
    int bytes = (int) random.integer("bytes", DEFAULT_BYTES, MIN_BYTES, MAX_BYTES);
    return new Random(bytes, Encoding.of(random.choice("encoding", "base64url", Encoding.NAMES)));
  }

  default CborMap toSpec() {
    return switch (this) {
      case Random random ->
        CborValue.of(Map.of(
            "bytes",
            CborValue.of(random.bytes),
            "encoding",
            CborValue.of(random.encoding.toString())));
      case Referenced referenced ->
        CborValue.of(Map.of(
            "reference",
            CborValue.of(referenced.reference),
            "trim",
            CborValue.of(referenced.trim)));
    };
  }

  /** Reads what {@link #toSpec} wrote. */
  static TokenOrigin ofSpec(CborMap spec) {
    return switch (spec.find("reference").orElse(CborValue.NULL)) {
      case CborText reference ->
        new Referenced(reference.value(), ((CborBool) spec.find("trim").orElseThrow()).value());
      default ->
        new Random(
            ((CborInt) spec.find("bytes").orElseThrow()).value().intValueExact(),
            Encoding.of(((CborText) spec.find("encoding").orElseThrow()).value()));
    };
  }

  /** How random bytes become text. */
  enum Encoding {
    BASE64("base64"),
    BASE64URL("base64url"),
    HEX("hex");

    static final List<String> NAMES = List.of("base64url", "base64", "hex");
    private final String text;

    Encoding(String text) {
      this.text = text;
    }

    static Encoding of(String text) {
      for (Encoding each : values()) {
        if (each.text.equals(text)) {
          return each;
        }
      }
      throw new IllegalArgumentException("not an encoding: " + text);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}

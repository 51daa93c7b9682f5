package io.dvault.config;

import io.dvault.git.SourceFile;
import io.dvault.model.Bytes32;
import io.dvault.model.DeviceId;
import io.dvault.model.Names;
import io.dvault.model.SourcePosition;
import io.dvault.yaml.NotPlainException;
import io.dvault.yaml.PlainEvents;
import io.dvault.yaml.PlainParser;
import io.dvault.yaml.SecretText;
import io.dvault.yaml.YamlReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A file of nothing but sound devices, without trees: recipients stay where they stand in the file. At anything else, and
 * at anything to find fault with, the file is for the general way, which reads the very same (a test holds that).
 */
final class PlainDevices implements PlainEvents {
  private enum Place { OUTSIDE, ROOT, METADATA, LABELS, SPEC }

  private enum Key {
    API_VERSION(Place.ROOT, "apiVersion"),
    KIND(Place.ROOT, "kind"),
    METADATA(Place.ROOT, "metadata"),
    SPEC(Place.ROOT, "spec"),
    NAME(Place.METADATA, "name"),
    LABELS(Place.METADATA, "labels"),
    RECIPIENT(Place.SPEC, "recipient"),
    SIGNER(Place.SPEC, "signer"),
    PROOF(Place.SPEC, "proof"),
    CLASSIC(Place.SPEC, "classic");

    private static final Key[] ALL = values();
    private final Place place;
    private final byte[] word;

    Key(Place place, String word) {
      this.place = place;
      this.word = word.getBytes(StandardCharsets.US_ASCII);
    }

    int bit() {
      return 1 << ordinal();
    }
  }

  private static final int ALL_KEYS = (1 << Key.ALL.length) - 1;
  private static final int REQUIRED = ALL_KEYS & ~Key.LABELS.bit() & ~Key.CLASSIC.bit();
  private static final byte[] API_VERSION = Envelope.API_VERSION.getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DEVICE = "Device".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
  private static final boolean[] SMALL_OR_DIGIT = smallOrDigit();

  private final SourceFile file;
  private final byte[] text;
  private final List<Enrolled> devices = new ArrayList<>();
  private final Map<String, String> labelKeys = new HashMap<>();
  private final Map<String, String> labelValues = new HashMap<>();
  private Place place = Place.OUTSIDE;
  private Key key = Key.KIND;
  private int keys;
  private int line;
  private int searched;
  private String labelKey = "";
  private Map<String, String> labels = new HashMap<>();
  private Map<String, String> lastLabels = Map.of();
  private String name = "";
  private String signer = "";
  private FileText recipient = FileText.of("");
  private FileText proof = recipient;
  private DeviceId id = new DeviceId(Bytes32.ZERO);
  private boolean classic;

  private PlainDevices(SourceFile file) {
    this.file = file;
    this.text = file.content();
  }

  /** The devices, in the order of the file, or empty when it is for the general way. */
  static Optional<List<Enrolled>> read(SourceFile file) {
    PlainDevices read = new PlainDevices(file);
    if (read.text.length > YamlReader.MAX_BYTES) {
      return Optional.empty();
    }
    try {
      PlainParser.parse(read.text, read);
      boolean secret = SecretText.mayBeIn(read.text, read.searched, read.text.length);
      return secret ? Optional.empty() : Optional.of(read.devices);
    } catch (NotPlainException e) {
      return Optional.empty();
    }
  }

  private static void require(boolean plain) throws NotPlainException {
    if (!plain) {
      throw NotPlainException.NOT_PLAIN;
    }
  }

  private boolean is(int from, int to, byte[] word) {
    return Arrays.equals(text, from, to, word, 0, word.length);
  }

  private String ascii(int from, int to) {
    return new String(text, from, to - from, StandardCharsets.ISO_8859_1);
  }

  @Override
  public void startDocument() {
    keys = 0;
    classic = false;
    labels.clear();
  }

  @Override
  public void endDocument() throws NotPlainException {
    require((keys & REQUIRED) == REQUIRED);
    if (!labels.equals(lastLabels)) {
      lastLabels = Map.copyOf(labels); // shared by all devices that have the same ones
    }
    Enrolled device = new Enrolled(
        name, lastLabels, recipient, classic, signer, proof, id, new SourcePosition(file.path(), line, 1));
    require(device.isHybrid() != classic);
    devices.add(device);
  }

  @Override
  public void startMapping(int line, int column) throws NotPlainException {
    if (place == Place.OUTSIDE) {
      this.line = line;
      place = Place.ROOT;
    } else if (place == Place.ROOT && key == Key.METADATA) {
      place = Place.METADATA;
    } else if (place == Place.ROOT && key == Key.SPEC) {
      place = Place.SPEC;
    } else {
      require(place == Place.METADATA && key == Key.LABELS);
      place = Place.LABELS;
    }
  }

  @Override
  public void endMapping() {
    place = switch (place) {
      case LABELS -> Place.METADATA;
      case METADATA, SPEC -> Place.ROOT;
      case ROOT, OUTSIDE -> Place.OUTSIDE;
    };
  }

  @Override
  public void startSequence(int line, int column) throws NotPlainException {
    require(false);
  }

  @Override
  public void endSequence() {}

  @Override
  public void key(int from, int to, int line, int column) throws NotPlainException {
    if (place == Place.LABELS) {
      labelKey = label(from, to, true, labelKeys, Envelope::isLabelKey);
      require(!labels.containsKey(labelKey));
      return;
    }
    for (Key each : Key.ALL) {
      if (each.place == place && is(from, to, each.word)) {
        require((keys & each.bit()) == 0);
        keys |= each.bit();
        key = each;
        return;
      }
    }
    require(false);
  }

  @Override
  public void scalar(int from, int to, boolean plain, int line, int column, int length) throws NotPlainException {
    if (place == Place.LABELS) {
      labels.put(labelKey, label(from, to, plain, labelValues, Envelope::isLabelValue));
      return;
    }
    switch (key) {
      case API_VERSION -> require(is(from, to, API_VERSION));
      case KIND -> require(is(from, to, DEVICE));
      case NAME -> {
        name = text(from, to, plain);
        require(Names.isName(name));
      }
      case RECIPIENT -> recipient(from, to);
      case SIGNER -> signer = text(from, to, plain);
      case PROOF -> {
        text(from, to, plain);
        proof = new FileText(file, from, to);
      }
      case CLASSIC -> {
        classic = is(from, to, TRUE);
        require(plain && (classic || is(from, to, FALSE)));
      }
      case METADATA, SPEC, LABELS -> require(false);
    }
  }

  private String text(int from, int to, boolean plain) throws NotPlainException {
    String read = ascii(from, to);
    require(PlainParser.isText(read, plain));
    return read;
  }

  /** One word that starts as every recipient does, so that it is text, and no form of a secret can be inside it. */
  private void recipient(int from, int to) throws NotPlainException {
    require(to - from > 4 && text[from] == 'a' && text[from + 1] == 'g' && text[from + 2] == 'e' && text[from + 3] == '1');
    require(isOneWord(text, from, to));
    require(!SecretText.mayBeIn(text, searched, from));
    searched = to;
    recipient = new FileText(file, from, to);
    id = new DeviceId(Bytes32.sha256(text, from, to - from));
  }

  /**
   * Of small letters and digits; a loop over nothing but locals, since it sees nearly all of a fleet's files. A table, for
   * no processor guesses whether the next one is a letter or a digit.
   */
  private static boolean isOneWord(byte[] text, int from, int to) {
    boolean[] letters = SMALL_OR_DIGIT;
    boolean word = true;
    for (int i = from; i < to; i++) {
      word &= letters[text[i] & 0xff];
    }
    return word;
  }

  private static boolean[] smallOrDigit() {
    boolean[] letters = new boolean[256];
    Arrays.fill(letters, 'a', 'z' + 1, true);
    Arrays.fill(letters, '0', '9' + 1, true);
    return letters;
  }

  /** A label's key or value; the few that a fleet has are looked at once, and kept once. */
  private String label(int from, int to, boolean plain, Map<String, String> known, Predicate<String> allowed)
      throws NotPlainException {
    String read = ascii(from, to);
    if (!plain || !known.containsKey(read)) {
      require(PlainParser.isText(read, plain) && allowed.test(read));
    }
    if (plain) {
      known.putIfAbsent(read, read);
    }
    return known.getOrDefault(read, read);
  }
}

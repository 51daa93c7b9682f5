package io.dvault.yaml;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Secrets that can be told by their form, and names of fields that hold one: what must never stand in a repository
 * (docs/requirements.md A7), nor be shown when it does (docs/threat-model.md T27). The forms are
 * those that their issuers publish.
 */
public final class SecretText {
  private static final int LONGEST = 512;
  private static final String HIDDEN = "(not shown)";

  /** @param prefix starts at no letter or digit's heels, so that a text is searched fast */
  private record Form(String prefix, Pattern whole, String what) {
    Form(String prefix, String rest, String what) {
      this(prefix, Pattern.compile(Pattern.quote(prefix) + rest), what);
    }
  }

  private static final List<Form> FORMS = List.of(
      new Form("-----BEGIN ", "([A-Z0-9]+ )*PRIVATE KEY( BLOCK)?-----", "a private key"),
      new Form("b3BlbnNzaC1rZXktdjE", "", "an OpenSSH private key"),
      new Form("AGE-SECRET-KEY-", "(PQ-)?1[02-9AC-HJ-NP-Z]{20,}", "an age identity"),
      new Form("AGE-PLUGIN-", "[A-Z0-9-]+1[02-9AC-HJ-NP-Z]{20,}", "an age plugin identity"),
      new Form("ghp_", "[A-Za-z0-9]{30,}", "a GitHub token"),
      new Form("gho_", "[A-Za-z0-9]{30,}", "a GitHub token"),
      new Form("ghu_", "[A-Za-z0-9]{30,}", "a GitHub token"),
      new Form("ghs_", "[A-Za-z0-9]{30,}", "a GitHub token"),
      new Form("ghr_", "[A-Za-z0-9]{30,}", "a GitHub token"),
      new Form("github_pat_", "[A-Za-z0-9_]{30,}", "a GitHub token"),
      new Form("glpat-", "[A-Za-z0-9_-]{20,}", "a GitLab token"),
      new Form("AKIA", "[A-Z0-9]{16}(?![A-Za-z0-9])", "an AWS access key"),
      new Form("ASIA", "[A-Z0-9]{16}(?![A-Za-z0-9])", "an AWS access key"),
      new Form("xoxa-", "[A-Za-z0-9-]{10,}", "a Slack token"),
      new Form("xoxb-", "[A-Za-z0-9-]{10,}", "a Slack token"),
      new Form("xoxp-", "[A-Za-z0-9-]{10,}", "a Slack token"),
      new Form("xoxr-", "[A-Za-z0-9-]{10,}", "a Slack token"),
      new Form("xoxs-", "[A-Za-z0-9-]{10,}", "a Slack token"),
      new Form("sk_live_", "[A-Za-z0-9]{16,}", "a Stripe key"),
      new Form("rk_live_", "[A-Za-z0-9]{16,}", "a Stripe key"),
      new Form("hvs.", "[A-Za-z0-9_-]{24,}", "a Vault token"),
      new Form("npm_", "[A-Za-z0-9]{36}", "an npm token"),
      new Form("pypi-", "AgEI[A-Za-z0-9_-]{20,}", "a PyPI token"),
      new Form("dckr_pat_", "[A-Za-z0-9_-]{20,}", "a Docker token"),
      new Form("AIza", "[A-Za-z0-9_-]{35}", "a Google API key"),
      new Form("SG.", "[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}", "a SendGrid key"),
      new Form(
          "eyJ",
          "[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}",
          "a JSON web token"),
      new Form("://", "[^/\\s:@\"']+:[^/\\s@\"']+@", "a password within a URL"));

  private static final boolean[] STARTS = starts();
  private static final boolean[] PAIRS = pairs();
  private static final boolean[] WORDS = words();
  private static final List<byte[]> PREFIXES = FORMS.stream()
      .map(form -> form.prefix().getBytes(StandardCharsets.US_ASCII))
      .toList();
  private static final String NAMES =
      "pass(word|wd|phrase)?|pwd|secret|(client|shared|app)[-_]?secret|"
          + "(api|access|private|secret|signing|encryption)[-_]?key|(auth|access|bearer|api|refresh)?[-_]?token|bearer|"
          + "credentials?|mnemonic|seed[-_]?phrase";
  private static final Pattern NAME = Pattern.compile(NAMES, Pattern.CASE_INSENSITIVE);
  private static final Pattern FIELD = Pattern.compile(
      "((?:^|[\\s{,?\"'-])(?:" + NAMES + "|salt)[\"']?\\s*:).*", Pattern.CASE_INSENSITIVE);
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9+/_=-]{32,}");
  private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]+");
  private static final String SSH_PUBLIC = "AAAA"; // how the base64 of every SSH public key starts
  private static final double RANDOM_BITS = 4.0;
  private static final double HEX_BITS = 3.0;
  private static final Pattern KEY_BODY = Pattern.compile("\\s*[A-Za-z0-9+/]{40,}=*\\s*");

  private SecretText() {}

  /** @param what it evidently is, {@code a GitHub token} */
  public record Found(int start, int end, String what) {}

  private static boolean[] starts() {
    boolean[] starts = new boolean[128];
    FORMS.forEach(form -> starts[form.prefix().charAt(0)] = true);
    return starts;
  }

  /** The first two letters of the forms, as one number of 14 bits. */
  private static boolean[] pairs() {
    boolean[] pairs = new boolean[128 * 128];
    FORMS.forEach(form -> pairs[form.prefix().charAt(0) << 7 | form.prefix().charAt(1)] = true);
    return pairs;
  }

  private static boolean[] words() {
    boolean[] words = new boolean[128];
    for (char c = 0; c < 128; c++) {
      words[c] = isWord(c);
    }
    return words;
  }

  private static boolean isWord(char c) {
    return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z';
  }

  /**
   * Whether {@link #find} could find anything in a text of these UTF-8 bytes, and does where they
   * are ASCII: nearly all of
   * a fleet's YAML is long words of letters and digits, and this passes over them several times as fast.
   */
  static boolean mayBeIn(byte[] utf8) {
    return mayBeIn(utf8, 0, utf8.length);
  }

  /** As {@link #mayBeIn(byte[])}, from {@code from}, where no word goes on, to before {@code to}. */
  public static boolean mayBeIn(byte[] utf8, int from, int to) {
    for (int at = from; at < to; at++) {
      byte b = utf8[at];
      if (b >= 0 && STARTS[b] && startsAt(utf8, at)) {
        return true;
      }
      if (b >= 0 && WORDS[b]) {
        while (at + 1 < to && utf8[at + 1] >= 0 && WORDS[utf8[at + 1]]) {
          at++;
        }
      }
    }
    return false;
  }

  private static boolean startsAt(byte[] utf8, int at) {
    if (at + 1 >= utf8.length || utf8[at + 1] < 0 || !PAIRS[utf8[at] << 7 | utf8[at + 1]]) {
      return false;
    }
    for (int i = 0; i < PREFIXES.size(); i++) {
      byte[] prefix = PREFIXES.get(i);
      if (utf8.length - at >= prefix.length
          && Arrays.equals(utf8, at, at + prefix.length, prefix, 0, prefix.length)
          && mayGoOn(FORMS.get(i), utf8, at)) {
        return true;
      }
    }
    return false;
  }

  /** Of random base64 some starts as a token does: in a fleet's proofs every few ten thousand devices. */
  private static boolean mayGoOn(Form form, byte[] utf8, int at) {
    int end = Math.min(utf8.length, at + LONGEST);
    for (int i = at; i < end; i++) {
      if (utf8[i] < 0) {
        return true; // the form is told by characters
      }
    }
    return form.whole()
        .matcher(new String(utf8, at, end - at, StandardCharsets.US_ASCII))
        .lookingAt();
  }

  /** Every secret that can be told by its form, wherever it stands, in a comment too. */
  public static List<Found> find(String text) {
    List<Found> found = new ArrayList<>();
    boolean inWord = false;
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      boolean first = !inWord;
      inWord = isWord(c);
      if ((first || !inWord) && c < 128 && STARTS[c]) {
        int start = at;
        for (Form form : FORMS) {
          if (text.startsWith(form.prefix(), start)) {
            Matcher matcher =
                form.whole().matcher(text).region(start, Math.min(text.length(), start + LONGEST));
            if (matcher.lookingAt()) {
              found.add(new Found(start, matcher.end(), form.what()));
              at = matcher.end() - 1;
              break;
            }
          }
        }
      }
    }
    return found;
  }

  /** Whether a field of this name would hold a secret: {@code password}, {@code apiKey}, {@code client_secret}. */
  public static boolean isSecretName(String key) {
    return NAME.matcher(key).matches();
  }

  /** Whether a text is one long word that looks random: letters of both cases and digits, or hex without 0x. */
  public static boolean looksRandom(String text) {
    if (!WORD.matcher(text).matches() || text.startsWith(SSH_PUBLIC)) {
      return false;
    }
    boolean mixed = text.chars().anyMatch(Character::isUpperCase)
        && text.chars().anyMatch(Character::isLowerCase)
        && text.chars().anyMatch(Character::isDigit);
    return mixed && bits(text) >= RANDOM_BITS
        || HEX.matcher(text).matches() && bits(text) >= HEX_BITS;
  }

  /** Shannon's entropy of a character, in bits. */
  private static double bits(String ascii) {
    int[] counts = new int[128];
    ascii.chars().forEach(c -> counts[c]++);
    double bits = 0;
    for (int count : counts) {
      double share = (double) count / ascii.length();
      bits -= count == 0 ? 0 : share * Math.log(share) / Math.log(2);
    }
    return bits;
  }

  /** A line of source without what is, or may be, secret in it. */
  static String hidden(String line) {
    if (KEY_BODY.matcher(line).matches()) {
      return HIDDEN;
    }
    String fields = FIELD.matcher(line).replaceFirst("$1 " + Matcher.quoteReplacement(HIDDEN));
    List<Found> found = find(fields);
    StringBuilder clean = new StringBuilder(fields);
    found.reversed().forEach(each -> clean.replace(each.start(), each.end(), HIDDEN));
    return WORD.matcher(clean)
        .replaceAll(
            word -> looksRandom(word.group()) && !HEX.matcher(word.group()).matches()
                ? HIDDEN
                : Matcher.quoteReplacement(word.group()));
  }
}

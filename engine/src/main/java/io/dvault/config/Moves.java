package io.dvault.config;

import io.dvault.model.Names;
import io.dvault.model.SourcePosition;
import io.dvault.model.Spelling;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Renames without a new issue, {@code kind: Moved} (docs/requirements.md P6). The EntryId stands
 * inside every sealed bundle, so a secret that moved keeps that of its first name for as long as
 * the move is declared.
 */
final class Moves {
  private static final Pattern SECRET = Pattern.compile("([A-Z][A-Za-z0-9]{0,62})/([^/@]+)");

  private final Map<String, Move> byTarget = new HashMap<>();

  /** One declaration; {@code from} and {@code to} are {@code Kind/name}. */
  private record Move(Envelope envelope, String from, String to) {
    SourcePosition position() {
      return envelope.root().position();
    }

    void error(String field, String summary, String... detail) {
      envelope.spec().error(field, "DV046", summary, detail);
    }
  }

  private Moves() {}

  /**
   * @param declarations those of {@code kind: Moved}
   * @param declared every {@code Kind/name} that is declared
   * @param kinds the kinds of secrets
   */
  static Moves read(List<Envelope> declarations, Set<String> declared, Collection<String> kinds) {
    Moves moves = new Moves();
    Map<String, Move> bySource = new HashMap<>();
    for (Envelope envelope : declarations) {
      parse(envelope, kinds).ifPresent(move -> moves.add(move, bySource, declared));
    }
    for (Move move : List.copyOf(moves.byTarget.values())) {
      if (!declared.contains(move.to()) && !bySource.containsKey(move.to())) {
        move.envelope()
            .spec()
            .warning(
                "to",
                "DV048",
                "moved to what is not declared",
                "There is no " + move.to()
                    + " here, so this has no effect. Remove it, or declare the secret.");
      }
      moves.breakCycle(move);
    }
    return moves;
  }

  private static Optional<Move> parse(Envelope envelope, Collection<String> kinds) {
    Optional<String> from = secret(envelope, "from", kinds);
    Optional<String> to = secret(envelope, "to", kinds);
    if (from.isEmpty() || to.isEmpty()) {
      return Optional.empty();
    }
    Move move = new Move(envelope, from.get(), to.get());
    if (from.equals(to)) {
      move.error("to", "moved to where it is", "from and to are both " + from.get() + ".");
      return Optional.empty();
    }
    if (!kindOf(move.from()).equals(kindOf(move.to()))) {
      move.error(
          "to",
          "a secret stays of its kind",
          move.from() + " cannot become " + move.to()
              + ": declare the new one, and remove the old one.");
      return Optional.empty();
    }
    return Optional.of(move);
  }

  private static String kindOf(String secret) {
    return secret.substring(0, secret.indexOf('/'));
  }

  private static Optional<String> secret(
      Envelope envelope, String field, Collection<String> kinds) {
    String text = envelope.spec().requireString(field);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (text.startsWith("Device/")) {
      envelope
          .spec()
          .error(
              field,
              "DV047",
              "a device cannot be renamed",
              "The proof that it made when it enrolled binds its name.",
              "Enroll it again under the new name, and remove the old one.");
      return Optional.empty();
    }
    if (text.startsWith("Authority/")) {
      envelope
          .spec()
          .error(
              field,
              "DV047",
              "an authority cannot be renamed",
              "Its key files and what it signed are called after it. Make a new one, and let secrets name that.");
      return Optional.empty();
    }
    Matcher matcher = SECRET.matcher(text);
    if (!matcher.matches() || !Names.isName(matcher.group(2))) {
      envelope
          .spec()
          .error(
              field,
              "DV046",
              "not a secret's address",
              "A move is of a secret on all of its devices: Kind/name, as in SshKey/robot.");
      return Optional.empty();
    }
    if (!kinds.contains(matcher.group(1))) {
      String hint = Spelling.hint(matcher.group(1), kinds);
      envelope
          .spec()
          .error(
              field,
              "DV046",
              "\"" + matcher.group(1) + "\" is no kind of secret",
              hint.isEmpty()
                  ? "Kinds: " + String.join(", ", kinds.stream().sorted().toList()) + "."
                  : Recipients.sentence(hint));
      return Optional.empty();
    }
    return Optional.of(text);
  }

  private void add(Move move, Map<String, Move> bySource, Set<String> declared) {
    Move other = bySource.putIfAbsent(move.from(), move);
    if (other != null) {
      move.error(
          "from", move.from() + " moves twice", "The other move is at " + other.position() + ".");
      return;
    }
    if (declared.contains(move.from())) {
      move.error(
          "from",
          move.from() + " moved, and is declared still",
          "What it holds on devices goes with the move, so nothing may be called so any more.");
      return;
    }
    Move first = byTarget.putIfAbsent(move.to(), move);
    if (first != null) {
      move.error(
          "to",
          "two secrets move to " + move.to(),
          "The other move is at " + first.position() + ".");
    }
  }

  private void breakCycle(Move start) {
    Set<String> seen = new HashSet<>(Set.of(start.to()));
    for (Move at = start; at != null; at = byTarget.get(at.from())) {
      if (!seen.add(at.from())) {
        start.error("from", "moves in a circle", start.from() + " comes back to itself.");
        byTarget.remove(start.to());
        return;
      }
    }
  }

  /** What {@code kind/name} was called before, the newest name first. */
  List<String> formerNames(String kind, String name) {
    List<String> names = new ArrayList<>();
    for (Move at = byTarget.get(kind + "/" + name); at != null; at = byTarget.get(at.from())) {
      names.add(at.from().substring(kind.length() + 1));
    }
    return names;
  }
}

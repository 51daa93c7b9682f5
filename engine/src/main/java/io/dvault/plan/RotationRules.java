package io.dvault.plan;

import io.dvault.model.Durations;
import io.dvault.plan.Reason.Code;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Why an entry that is held is issued again: the first rule that has a reason wins, later ones rely on earlier ones.
 */
final class RotationRules {
  private RotationRules() {}

  /** A named function from a situation to a reason, or to nothing. */
  interface Rule {
    Optional<Reason> ask(Situation situation);
  }

  /** For what works now. */
  static final List<Rule> ROTATION = List.of(
      RotationRules::replaced,
      RotationRules::recipientChanged,
      RotationRules::authorityRotated,
      RotationRules::peerRotated,
      RotationRules::specChanged,
      RotationRules::expired,
      RotationRules::expiring);

  static Optional<Reason> firstOf(List<Rule> rules, Situation situation) {
    for (Rule rule : rules) { // no stream: this is asked of every entry in every plan
      Optional<Reason> reason = rule.ask(situation);
      if (reason.isPresent()) {
        return reason;
      }
    }
    return Optional.empty();
  }

  /**
   * What ends for good stays ended as long as its spec is the same, also when a revert of git declares it again
   * (docs/requirements.md S8).
   */
  static boolean staysEnded(Situation situation) {
    return situation.once()
        && situation.sameSpec()
        && !situation.replace()
        && (!situation.working() || situation.expired());
  }

  /** Why it ended, for those that stay so. */
  static Reason ended(Situation situation) {
    Instant end = situation.held().record().validity().notAfter();
    return situation.working()
        ? new Reason(Code.ENDED, "ended " + ago(end, situation.now()))
        : new Reason(Code.ENDED, "was revoked");
  }

  /** Why there is something new in place of what does not work any more. */
  static Reason reissued(Situation situation) {
    long generation = situation.held().record().generation();
    return situation.revokedByGuardian() && situation.held().isActive()
        ? new Reason(Code.COMPROMISED, "a guardian revoked generation " + generation)
        : new Reason(Code.REPLACED, "generation " + generation + " was revoked");
  }

  private static Optional<Reason> replaced(Situation situation) {
    return when(situation.replace(), Code.REPLACED, () -> "replaced as asked");
  }

  private static Optional<Reason> recipientChanged(Situation situation) {
    boolean moved = !situation.held().device().equals(situation.desired().device());
    return when(
        moved,
        Code.RECIPIENT_CHANGED,
        () -> "recipient of " + situation.desired().address().device() + " changed");
  }

  private static Optional<Reason> authorityRotated(Situation situation) {
    boolean rotated = !situation.sameSpec()
        && situation.held().record().spec().equals(situation.specWithHeldAuthority());
    return when(
        rotated,
        Code.AUTHORITY_ROTATED,
        () -> "authority " + situation.desired().template().authority().orElse("") + " rotated");
  }

  private static Optional<Reason> peerRotated(Situation situation) {
    boolean rotated = !situation.sameSpec()
        && situation.held().record().spec().equals(situation.specWithHeldPeers());
    return when(rotated, Code.PEER_ROTATED, () -> "carries public keys that change");
  }

  private static Optional<Reason> specChanged(Situation situation) {
    return when(!situation.sameSpec(), Code.SPEC_CHANGED, () -> "spec changed");
  }

  private static Optional<Reason> expired(Situation situation) {
    Instant end = situation.held().record().validity().notAfter();
    return when(situation.expired(), Code.EXPIRED, () -> "expired " + ago(end, situation.now()));
  }

  private static Optional<Reason> expiring(Situation situation) {
    Instant end = situation.held().record().validity().notAfter();
    Duration early = situation.desired().template().renewBefore();
    boolean due = !situation.once() && !situation.now().isBefore(end.minus(early));
    return when(
        due,
        Code.EXPIRING,
        () -> "expires in " + Durations.format(Duration.between(situation.now(), end))
            + ", renewed at " + Durations.format(early));
  }

  private static String ago(Instant end, Instant now) {
    return Durations.format(Duration.between(end, now)) + " ago";
  }

  /** @param words asked for only where the rule holds: hardly ever, in a fleet that stands still */
  private static Optional<Reason> when(boolean holds, Code code, Supplier<String> words) {
    return holds ? Optional.of(new Reason(code, words.get())) : Optional.empty();
  }
}

package io.dvault.plan;

/**
 * Why something changes.
 *
 * @param words for people, without a full stop: {@code expires in 1d 22h, renewed at 2d}
 */
public record Reason(Code code, String words) {

  /** Stable, for machines. */
  public enum Code {
    NOT_ISSUED,
    SPEC_CHANGED,
    RECIPIENT_CHANGED,
    EXPIRING,
    EXPIRED,
    AUTHORITY_ROTATED,
    PEER_ROTATED,
    NOT_IN_CONFIGURATION,
    REPLACED,
    REVOKED,
    COMPROMISED,
    ENDED,
    KEPT;

    /** {@code not-issued}. */
    public String text() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }
}

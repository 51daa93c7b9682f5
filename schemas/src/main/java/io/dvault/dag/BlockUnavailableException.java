package io.dvault.dag;

import io.dvault.cbor.Cid;
import java.util.List;

/** No source gave these bytes now. {@code attempts} says what each source answered, one line each. */
public final class BlockUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Cid cid;
  private final transient List<String> attempts;
  private final boolean forLong;

  public BlockUnavailableException(Cid cid, List<String> attempts) {
    this(cid, attempts, false);
  }

  private BlockUnavailableException(Cid cid, List<String> attempts, boolean forLong) {
    super("block " + cid + " is not available: " + String.join("; ", attempts));
    this.cid = cid;
    this.attempts = List.copyOf(attempts);
    this.forLong = forLong;
  }

  /** As if no source were one: none answered as one that has not got the block yet does. */
  public static BlockUnavailableException forLong(Cid cid, List<String> attempts) {
    return new BlockUnavailableException(cid, attempts, true);
  }

  /** Whether to ask again soon will hardly help. */
  public boolean isForLong() {
    return forLong;
  }

  public Cid cid() {
    return cid;
  }

  public List<String> attempts() {
    return attempts;
  }
}

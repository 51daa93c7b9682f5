package io.dvault.gateway;

import io.dvault.cbor.Cid;
import java.util.Collection;
import java.util.List;

/**
 * A new block and the new blocks below it: what {@link ReadBack} has to see, and how much of it one CAR would bring.
 */
public final class NewSubtree {
  private final Cid cid;
  private final List<NewSubtree> below;
  private final long blocks;
  private final long bytes;
  private final long oldLeaves;
  private final boolean oldNodes;

  private NewSubtree(Cid cid, int length, List<NewSubtree> below, int oldLeaves, boolean oldNodes) {
    long allBlocks = 1;
    long allBytes = length;
    long allLeaves = oldLeaves;
    boolean anyNodes = oldNodes;
    for (NewSubtree each : below) {
      allBlocks += each.blocks;
      allBytes += each.bytes;
      allLeaves += each.oldLeaves;
      anyNodes |= each.oldNodes;
    }
    this.cid = cid;
    this.below = List.copyOf(below);
    this.blocks = allBlocks;
    this.bytes = allBytes;
    this.oldLeaves = allLeaves;
    this.oldNodes = anyNodes;
  }

  /** A block of {@code length} bytes that links to nothing. */
  public static NewSubtree leaf(Cid cid, int length) {
    return new NewSubtree(cid, length, List.of(), 0, false);
  }

  /**
   * A block of {@code length} bytes.
   *
   * @param below those of its links that are new
   * @param oldLeaves how many of its other links end there: sealed bundles of before
   * @param oldNodes whether one of its other links leads further
   */
  public static NewSubtree of(
      Cid cid, int length, List<NewSubtree> below, int oldLeaves, boolean oldNodes) {
    return new NewSubtree(cid, length, below, oldLeaves, oldNodes);
  }

  public Cid cid() {
    return cid;
  }

  List<NewSubtree> below() {
    return below;
  }

  /** This block and all new ones below it. */
  public long blocks() {
    return blocks;
  }

  /** Of all {@link #blocks}. */
  public long bytes() {
    return bytes;
  }

  /** Whether its CAR brings this subtree, and not much that is there already. */
  boolean isWorthACar() {
    return blocks > 1 && !oldNodes && oldLeaves <= blocks;
  }

  /** Blocks that its CAR brings besides. */
  long oldLeaves() {
    return oldLeaves;
  }

  void addTo(Collection<Cid> cids) {
    cids.add(cid);
    below.forEach(each -> each.addTo(cids));
  }
}

package io.dvault.dag;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborLink;
import io.dvault.cbor.CborValue.CborList;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.cbor.DagCbor;
import io.dvault.cbor.MalformedCborException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Goes through everything that can be reached from a block, depth first in the order of links, each block once. */
public final class DagWalk {
  /** Takes each block as it is reached. */
  @FunctionalInterface
  public interface Visitor<E extends Exception> {
    void visit(Block block) throws E;
  }

  private DagWalk() {}

  /** The links of one block in the order of its bytes; a raw block has none. */
  public static List<Cid> links(Block block) {
    if (block.cid().codec() == Codec.RAW) {
      return List.of();
    }
    try {
      List<Cid> links = new ArrayList<>();
      collect(DagCbor.decode(block.bytes()), links);
      return links;
    } catch (MalformedCborException e) {
      throw new MalformedBlockException(block.cid(), e.getMessage());
    }
  }

  /** Recursion is bounded: the decoder refuses what is nested deeper than {@link DagCbor#MAX_DEPTH}. */
  private static void collect(CborValue value, List<Cid> links) {
    switch (value) {
      case CborLink link -> links.add(link.cid());
      case CborList list -> list.items().forEach(each -> collect(each, links));
      case CborMap map -> map.entries().values().forEach(each -> collect(each, links));
      default -> {}
    }
  }

  /**
   * Visits {@code root} and what lies below it.
   *
   * @param enter says no to a CID that is to be left out, with whatever only it leads to
   * @return whether all was visited; false when {@code maxBlocks} were and more was left
   */
  public static <E extends Exception> boolean walk(
      BlockSource source, Cid root, long maxBlocks, Predicate<Cid> enter, Visitor<E> visitor)
      throws E {
    Set<Cid> seen = new HashSet<>();
    Deque<Cid> pending = new ArrayDeque<>();
    pending.push(root);
    while (!pending.isEmpty()) {
      Cid cid = pending.pop();
      if (seen.contains(cid) || !enter.test(cid)) {
        continue;
      }
      if (seen.size() >= maxBlocks) {
        return false;
      }
      seen.add(cid);
      Block block = source.get(cid);
      visitor.visit(block);
      List<Cid> links = links(block);
      for (int i = links.size() - 1; i >= 0; i--) {
        pending.push(links.get(i));
      }
    }
    return true;
  }
}

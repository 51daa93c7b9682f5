package io.dvault.desired;

import io.dvault.model.SourcePosition;
import io.dvault.spi.AuthorityView;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A declared authority with the public parts of its generations, read from {@code authorities/NAME.N.pub}.
 *
 * @param algorithm {@code key.type}
 * @param active the generation that signs: {@code key.generation}, or else the newest
 * @param generations at least the active one
 */
public record AuthorityDeclaration(
    String name,
    String type,
    String algorithm,
    long active,
    SortedMap<Long, PublicPart> generations,
    SourcePosition position) {
  public AuthorityDeclaration {
    generations = Collections.unmodifiableSortedMap(new TreeMap<>(generations));
    if (!generations.containsKey(active)) {
      throw new IllegalArgumentException("authority " + name + " has no generation " + active);
    }
  }

  /** A type's public form; ssh: the OpenSSH public key blob; tls: the DER certificate. */
  public record PublicPart(byte[] bytes) {
    public PublicPart {
      bytes = bytes.clone();
    }

    @Override
    public byte[] bytes() {
      return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof PublicPart that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }

  public static AuthorityDeclaration of(
      String name,
      String type,
      String algorithm,
      long active,
      Map<Long, PublicPart> generations,
      SourcePosition at) {
    return new AuthorityDeclaration(name, type, algorithm, active, new TreeMap<>(generations), at);
  }

  /** The generation that signs now. */
  public AuthorityView view() {
    return view(active);
  }

  /** The generation that signs now, those after it, and the one before it; see {@code Fleet.trusted}. */
  public List<AuthorityView> trusted() {
    SortedMap<Long, PublicPart> earlier = generations.headMap(active);
    long first = earlier.isEmpty() ? active : earlier.lastKey();
    return generations.tailMap(first).keySet().stream().map(this::view).toList();
  }

  private AuthorityView view(long generation) {
    return new AuthorityView(name, type, generation, generations.get(generation).bytes());
  }
}

package io.dvault.spi;

import io.dvault.yaml.Fields;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The devices and authorities that a declaration may name. */
public interface Fleet {
  /**
   * The devices chosen by {@code spec.<key>}: {@code {names: […]}}, {@code {selector: {label:
   * value}}} or both (all must
   * hold), in order of name. Reports a finding when the field is missing, names nobody, or matches nobody.
   */
  List<DeviceView> select(Fields spec, String key);

  /** How often agents of this vault look, {@code spec.agents.poll} in {@code vault.yaml}. */
  default Duration pollInterval() {
    return Duration.ofSeconds(30);
  }

  /** The authority named by {@code spec.<key>}; reports a finding when there is none of that name and type. */
  Optional<AuthorityView> authority(Fields spec, String key, String type);

  /** Every declared authority of that type that has a key, in order of name; no findings. */
  List<AuthorityView> authorities(String type);

  /**
   * What devices should believe of an authority now, in order of generation: the one that signs,
   * those that come after it,
   * and the one before it, whose signatures are still about. So a new key is known everywhere
   * before it signs, and the old
   * one as long as its public file is declared. Empty when there is no such authority, or it has no key.
   */
  default List<AuthorityView> trusted(String authority) {
    return List.of();
  }
}

package io.dvault.plan;

import io.dvault.desired.DesiredState;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.model.RevocationId;
import io.dvault.spi.EntryTemplate;
import io.dvault.spi.TypicalSize;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * All that a plan depends on.
 *
 * @param headUntil until when devices count the head as fresh; empty before the first commit
 * @param guardianRevoked what a guardian revoked on chain, among the active entries of the registry
 * @param formerly the entries of the configuration that the registry was made from, to name what is no longer declared
 * @param returning declared entries whose YAML names a public key that was taken away, and why: {@link ReturningKeys}
 * @param kinds what the plugins say of entry kinds
 * @param threshold how many approvals a commit needs, for the estimate
 * @param now the one instant of the run
 */
public record PlanInput(
    PlanBase base,
    DesiredState desired,
    RegistrySnapshot registry,
    Optional<Instant> headUntil,
    Set<RevocationId> guardianRevoked,
    Map<EntryId, Former> formerly,
    Map<EntryAddress, String> returning,
    KindTraits kinds,
    PlanOptions options,
    int threshold,
    Instant now) {
  public PlanInput {
    guardianRevoked = Set.copyOf(guardianRevoked);
    formerly = Map.copyOf(formerly);
    returning = Map.copyOf(returning);
  }

  /** The id of a declared entry, or of what may have been declared once. */
  EntryId idOf(EntryAddress address) {
    return desired.idOf(address);
  }

  /** An entry as an earlier configuration had it. */
  public record Former(EntryAddress address, boolean protect) {}

  /**
   * @param once entry kinds that end for good
   * @param waysIn entry kinds that let people and services in
   * @param trust entry kinds that make devices believe the authority of the same name
   * @param size about how large an entry gets
   */
  public record KindTraits(
      Set<String> once,
      Set<String> waysIn,
      Set<String> trust,
      Function<EntryTemplate, TypicalSize> size) {
    public KindTraits {
      once = Set.copyOf(once);
      waysIn = Set.copyOf(waysIn);
      trust = Set.copyOf(trust);
    }
  }
}

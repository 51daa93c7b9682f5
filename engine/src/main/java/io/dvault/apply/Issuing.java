package io.dvault.apply;

import io.dvault.bundle.Payload;
import io.dvault.bundle.PostQuantum;
import io.dvault.bundle.Recipient;
import io.dvault.bundle.SealedBundle;
import io.dvault.cbor.Codec;
import io.dvault.dag.Block;
import io.dvault.desired.DeviceDeclaration;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.EntryAddress;
import io.dvault.model.Validity;
import io.dvault.model.VaultId;
import io.dvault.plan.Change;
import io.dvault.plan.Validities;
import io.dvault.spi.AuthorityKey;
import io.dvault.spi.EntryTemplate;
import io.dvault.spi.IssueRequest;
import io.dvault.spi.Issued;
import io.dvault.spi.PeerPart;
import io.dvault.spi.SecretKind;
import io.dvault.spi.SecretSource;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Issues and seals the entries of one commit. A private key lives here from the kind's {@code issue} to the seal right
 * after it and is referred to by nothing later.
 */
final class Issuing {
  /** What the issue of one entry may draw on, whichever entry it is. */
  record Surroundings(
      VaultId vault,
      long epoch,
      Instant at,
      Map<String, DeviceDeclaration> devices,
      Map<String, SecretKind> kinds,
      Function<String, AuthorityKey> authorities,
      SecretSource sources,
      Function<EntryAddress, List<PeerPart>> publicParts,
      Supplier<SecureRandom> random) {}

  private final Surroundings surroundings;
  private final Set<EntryAddress> peers;
  private final Map<EntryAddress, PeerPart> made = new ConcurrentHashMap<>();
  private final ThreadLocal<SecureRandom> random;

  /** @param all that will be issued: what others of them carry is remembered for these */
  Issuing(Surroundings surroundings, Collection<Change.Issuing> all) {
    this.surroundings = surroundings;
    this.random = ThreadLocal.withInitial(surroundings.random());
    this.peers = all.stream()
        .flatMap(change -> change.desired().template().peers().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * The recipient of the device that a change is for. No plan relies on an enrolment whose
   * recipient was not checked.
   */
  Recipient recipient(Change.Issuing change) {
    return Recipient.parse(device(change.desired().template()).recipient());
  }

  /**
   * From any thread, after the entry's peers. Throws a DiagnosticException when a kind, key or source fails.
   *
   * @param recipient of the change's device
   */
  IssuedEntry issue(Change.Issuing change, Recipient recipient) {
    EntryTemplate template = change.desired().template();
    Validity validity = Validities.of(template, surroundings.at());
    IssueRequest request = new IssueRequest(
        template,
        change.desired().id(),
        change.generation(),
        validity,
        change.serial(),
        template.authority().map(surroundings.authorities()),
        peers(template),
        surroundings.sources(),
        random.get());
    Issued issued = kind(template).issue(request);
    Payload payload = new Payload(
        surroundings.vault(),
        change.device(),
        change.desired().id(),
        change.generation(),
        surroundings.epoch(),
        validity,
        template.address().kind(),
        issued.material(),
        change.install());
    DeviceDeclaration device = device(template);
    PostQuantum postQuantum = device.classic() ? PostQuantum.WAIVED : PostQuantum.REQUIRED;
    byte[] sealed = SealedBundle.seal(payload, recipient, postQuantum, random.get());
    if (peers.contains(template.address())) {
      made.put(template.address(), new PeerPart(issued.publicPart(), validity.notAfter()));
    }
    return new IssuedEntry(change, Block.of(Codec.RAW, sealed), issued.publicPart(), validity);
  }

  private SecretKind kind(EntryTemplate template) {
    SecretKind kind = surroundings.kinds().get(template.address().kind());
    if (kind == null) {
      throw new DiagnosticException(Diagnostic.error(
              "DV309",
              "no plugin issues " + template.address().kind(),
              "It was there when the plan was made. Check the plugins on the class path.")
          .at(template.position()));
    }
    return kind;
  }

  private DeviceDeclaration device(EntryTemplate template) {
    return Optional.ofNullable(surroundings.devices().get(template.address().device()))
        .orElseThrow(() ->
            new IllegalStateException("planned for an undeclared device: " + template.address()));
  }

  /** Newest first: what this commit issued, then what the registry has as long as it is valid. */
  private Map<EntryAddress, List<PeerPart>> peers(EntryTemplate template) {
    Map<EntryAddress, List<PeerPart>> peers = new LinkedHashMap<>();
    for (EntryAddress peer : template.peers()) {
      List<PeerPart> parts = new ArrayList<>();
      Optional.ofNullable(made.get(peer)).ifPresent(parts::add);
      parts.addAll(surroundings.publicParts().apply(peer));
      if (!parts.isEmpty()) {
        peers.put(peer, List.copyOf(parts));
      }
    }
    return peers;
  }
}

package io.dvault.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.model.AuthorityId;
import io.dvault.model.EntryId;
import io.dvault.model.SecretBytes;
import io.dvault.model.Validity;
import io.dvault.registry.AuthorityRecord;
import io.dvault.registry.AuthorityStatus;
import io.dvault.spi.AuthorityKey;
import io.dvault.spi.AuthorityType;
import io.dvault.spi.AuthorityView;
import io.dvault.spi.Declaration;
import io.dvault.spi.DeviceView;
import io.dvault.spi.EntryTemplate;
import io.dvault.spi.Fleet;
import io.dvault.spi.IssueRequest;
import io.dvault.spi.Issued;
import io.dvault.spi.SecretKind;
import io.dvault.testing.Peers;
import io.dvault.yaml.Fields;
import io.dvault.yaml.Findings;
import io.dvault.yaml.YamlFields;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The whole way of an SSH host certificate with the real plugin: issued, sealed, committed, checked, installed. */
@ExtendWith(TestFleet.Fixture.class)
class SshCertificateTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final TestVault vault;
  private final TestDevice device;

  SshCertificateTest(TestFleet fleet) {
    this.vault = fleet.vault;
    this.device = fleet.device;
  }

  @Test
  @Tag("O4")
  @Tag("G1")
  @Tag("peer:ssh-keygen")
  void look_certificateOfTheVaultsAuthority_isInstalled_andOfAnyOtherIsNot() throws Exception {
    AuthorityType ssh = only(AuthorityType.class, each -> each.type().equals("ssh"));
    try (Ca ours = Ca.create(ssh);
        Ca theirs = Ca.create(ssh)) {
      vault.authorities(new TreeMap<>(Map.of(
          AuthorityId.of(TestVault.SALT, "fleet-ssh"),
          List.of(new AuthorityRecord(
              1, "ssh", ours.publicPart, AuthorityStatus.ACTIVE, TestVault.now())))));
      vault.put(device.recipient, hostCertificate("sshd-host", device, ours));
      vault.put(device.recipient, hostCertificate("evil-host", device, theirs));
      vault.commit();
      var report = device.look();
      assertEquals(List.of("DV534"), TestDevice.codes(report));
      assertTrue(
          report.problems().getFirst().why().contains("no authority of this vault"),
          report.problems().toString());
      assertFalse(device.has("/etc/ssh/dvault/evil-host"));
      Path certificate = device.path("/etc/ssh/dvault/sshd-host-cert.pub");
      assertTrue(Files.readString(certificate).startsWith("ssh-ed25519-cert-v01@openssh.com "));
      String text = Peers.run("ssh-keygen", "-L", "-f", certificate.toString()).requireSuccess();
      assertTrue(text.contains("drone-7.fleet.example"), text);
      Path key = device.path("/etc/ssh/dvault/sshd-host").toRealPath();
      String derived = Peers.run("ssh-keygen", "-y", "-f", key.toString()).requireSuccess();
      assertTrue(device
          .read("/etc/ssh/dvault/sshd-host.pub")
          .startsWith(derived.strip().split(" ")[0] + " " + derived.strip().split(" ")[1]));
    }
  }

  private record Ca(AuthorityKey key, byte[] publicPart) implements AutoCloseable {
    static Ca create(AuthorityType type) {
      AuthorityType.NewKey fresh = type.generate("ed25519", "ca", TestVault.now(), RANDOM);
      try (SecretBytes secret = fresh.privatePart()) {
        return new Ca(type.open("fleet-ssh", 1, secret), type.parsePublic(fresh.publicText()));
      }
    }

    @Override
    public void close() {
      key.close();
    }
  }

  private static TestEntry hostCertificate(String name, TestDevice device, Ca ca) {
    String yaml = """
        authority: fleet-ssh
        type: host
        devices: {names: [drone-7]}
        principals: ["{device}.fleet.example"]
        ttl: 7d
        renewBefore: 2d
        install: {path: /etc/ssh/dvault}
        """;
    Findings findings = new Findings();
    Fields spec = YamlFields.parse("host.yaml", yaml, findings);
    DeviceView view =
        new DeviceView("drone-7", io.dvault.model.DeviceId.ofRecipient(device.recipient), Map.of());
    SecretKind kind = only(SecretKind.class, each -> each.kind().equals("SshCertificate"));
    Fleet fleet = new Fleet() {
      @Override
      public List<DeviceView> select(Fields fields, String key) {
        return List.of(view);
      }

      @Override
      public Optional<AuthorityView> authority(Fields fields, String key, String type) {
        return Optional.of(ca.key().authority());
      }

      @Override
      public List<AuthorityView> authorities(String name) {
        return List.of(ca.key().authority());
      }
    };
    EntryTemplate template = kind.expand(
            new Declaration("SshCertificate", name, Map.of(), spec), fleet)
        .getFirst();
    assertFalse(findings.hasErrors(), findings.sorted().toString());
    EntryId entry = EntryId.of(TestVault.SALT, template.address());
    Validity validity =
        new Validity(TestVault.now().minusSeconds(300), TestVault.now().plus(Duration.ofDays(7)));
    Issued issued = kind.issue(new IssueRequest(
        template,
        entry,
        1,
        validity,
        1,
        Optional.of(ca.key()),
        Map.of(),
        reference -> {
          throw new IllegalStateException("a certificate needs no outside value");
        },
        RANDOM));
    Map<String, CborValue> install = new HashMap<>(template.install().entries());
    install.put("address", CborValue.of(template.address().toString()));
    CborMap material = issued.material();
    return new TestEntry(template.address(), validity, material, CborValue.of(install));
  }

  private static <T> T only(Class<T> type, java.util.function.Predicate<T> which) {
    return ServiceLoader.load(type).stream()
        .map(ServiceLoader.Provider::get)
        .filter(which)
        .findFirst()
        .orElseThrow();
  }
}

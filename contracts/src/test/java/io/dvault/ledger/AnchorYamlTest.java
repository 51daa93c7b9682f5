package io.dvault.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.model.Bytes32;
import io.dvault.model.VaultId;
import io.dvault.yaml.Findings;
import io.dvault.yaml.YamlFields;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnchorYamlTest {
  private static final EvmAddress ONE = EvmAddress.parse("0x" + "01".repeat(20));
  private static final EvmAddress TWO = EvmAddress.parse("0x" + "02".repeat(20));
  private static final Anchor ANCHOR = new Anchor(
      "fleet",
      new VaultId(Bytes32.sha256("vault")),
      new LedgerRef(31337, ONE),
      Bytes32.sha256("code"),
      List.of("http://127.0.0.1:8545", "https://rpc.example/k\"e\\y"),
      2,
      List.of(),
      3,
      new Governance(List.of(ONE, TWO), 2, List.of(TWO), Duration.ofHours(48)));

  private final Findings findings = new Findings();

  private Optional<Anchor> read(String yaml) {
    YamlFields fields = YamlFields.parse("anchor.yaml", yaml, findings);
    Optional<Anchor> anchor = AnchorYaml.read(fields);
    fields.finish();
    return anchor;
  }

  @Test
  void read_written_isTheSame() {
    Anchor anchor = new Anchor(
        ANCHOR.name(),
        ANCHOR.vault(),
        ANCHOR.ref(),
        ANCHOR.codeHash(),
        List.of("http://127.0.0.1:8545"),
        1,
        List.of("https://gateway.example"),
        3,
        ANCHOR.governance());
    assertEquals(
        Optional.of(anchor), read(AnchorYaml.write(anchor)), findings.sorted().toString());
    assertFalse(findings.hasErrors(), findings.sorted().toString());
  }

  @ParameterizedTest
  @CsvSource({
    "threshold: 2, threshold: 3",
    "kind: Anchor, kind: Vault",
    "id: 31337, id: 0",
    "quorum: 1, quorum: 2",
    "http://127.0.0.1:8545, ftp://127.0.0.1",
    "0x0202, 0x02",
    "name: fleet, name: NO",
    "version: 3, version: -1",
    "guardians:, guardian:",
    "codeHash:, codehash:"
  })
  void read_oneFieldWrong_isFoundAtItsPlace(String good, String bad) {
    String yaml = AnchorYaml.write(new Anchor(
        ANCHOR.name(),
        ANCHOR.vault(),
        ANCHOR.ref(),
        ANCHOR.codeHash(),
        List.of("http://127.0.0.1:8545"),
        1,
        List.of(),
        3,
        ANCHOR.governance()));
    assertTrue(yaml.contains(good), yaml);
    read(yaml.replaceFirst(java.util.regex.Pattern.quote(good), bad));
    assertTrue(findings.hasErrors());
    assertTrue(
        findings.sorted().stream().allMatch(each -> each.position().isPresent()),
        findings.sorted().toString());
  }
}

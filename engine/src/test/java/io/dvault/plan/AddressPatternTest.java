package io.dvault.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.model.EntryAddress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("P6")
class AddressPatternTest {
  private static final EntryAddress ADDRESS = EntryAddress.parse("SshKey/robot@drone-7");

  @ParameterizedTest
  @CsvSource({
    "SshKey/robot@drone-7, true",
    "SshKey/robot, true",
    "SshKey, true",
    "drone-7, true",
    "*, true",
    "drone-?, true",
    "Ssh*, true",
    "Ssh*/r*@*-7, true",
    "@drone-*, true",
    "*/robot, true",
    "SshKey/robot@drone-8, false",
    "SshKey/rob, false",
    "Ssh, false",
    "drone, false",
    "drone-??, false",
    "SshCertificate/robot, false",
    "robot, false"
  })
  void matches_eachForm(String pattern, boolean expected) {
    assertEquals(expected, AddressPattern.parse(pattern).orElseThrow().matches(ADDRESS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "SshKey/",
        "/robot",
        "SshKey/robot@",
        "a b",
        "SshKey/Robot",
        "x@y@z",
        "SshKey/robot/7",
        "\n"
      })
  void parse_whatIsNoAddress_isEmpty(String pattern) {
    assertTrue(AddressPattern.parse(pattern).isEmpty());
  }
}

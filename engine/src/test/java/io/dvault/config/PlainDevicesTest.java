package io.dvault.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.config.DeviceFiles.Part;
import io.dvault.git.SourceFile;
import io.dvault.testing.Damage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What PlainDevices reads is what the general way reads, which has nothing to find fault with there. */
class PlainDevicesTest {
  private static final String RECIPIENT = "age1pq1" + "q7".repeat(60);
  private static final String TWO = """
      # yaml-language-server: $schema=device.schema.json
      ---
      apiVersion: dvault.io/v1
      kind: Device
      metadata: {name: drone-1, labels: {role: drone, a.example/b: "x"}}   # a comment
      spec:
        recipient: %s
        signer: "iH+a/b="
        proof: 'it is'
      ---
      kind: Device
      apiVersion: "dvault.io/v1"
      spec: {signer: abc, proof: def, recipient: "age1qq7", classic: true}
      metadata:
        labels:
          role: drone
          site: "5"
        name: 0-drone
      """.formatted(RECIPIENT);

  private static Optional<List<Enrolled>> plain(String text) {
    return PlainDevices.read(new SourceFile("a.yaml", text.getBytes(StandardCharsets.UTF_8)));
  }

  private static boolean agrees(String text) {
    Optional<List<Enrolled>> read = plain(text);
    read.ifPresent(devices -> {
      Part expected = DeviceFiles.readGenerally(
          new SourceFile("a.yaml", text.getBytes(StandardCharsets.UTF_8)), Set.copyOf(Envelope.coreKinds()));
      assertTrue(expected.sound(), text);
      assertEquals(List.of(), expected.others(), text);
      assertEquals(expected.devices(), devices, text);
    });
    return read.isPresent();
  }

  @Test
  void read_devicesInAnyForm_asInTheGeneralWay() {
    assertTrue(agrees(TWO));
    List<Enrolled> devices = plain(TWO).orElseThrow();
    assertEquals(List.of("drone-1", "0-drone"), devices.stream().map(Enrolled::name).toList());
    assertEquals(RECIPIENT, devices.getFirst().recipient().toString());
    assertEquals(11, devices.getLast().position().line());
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "kind: Device>kind: Grant", "name: drone-1>name: Drone", "name: drone-1>name: 17", "name: drone-1>nmae: x",
    "role: drone>role: true", "a.example/b>role", "\"x\">\"x y\"", "\"x\">\"\"", "age1pq1>age2pq1",
    "classic: true>classic: false", "classic: true>classic: yes", ", classic: true>", "'it is'>''", "'it is'>~",
    "abc>1.5", "iH+a/b=>AKIAABCDEFGHIJKLMNOP", "# a comment># gh" + "p_0123456789abcdefghijABCDEFGHIJ0123456789",
    "dvault.io/v1>dvault.io/v2", "spec:>spec: x", "# a comment># ü", "  proof: 'it is'>", "role: drone>role: [drone]"})
  void read_anythingElse_leftToTheGeneralWay(String change) {
    String[] parts = change.split(">", 2);
    assertTrue(TWO.contains(parts[0]), change);
    assertTrue(plain(TWO.replace(parts[0], parts[1])).isEmpty(), change);
  }

  /** Thousands of damaged files: whenever one is read, the general way reads the same and finds nothing. */
  @Test
  void read_damagedAnywhere_neverSomethingElseThanTheGeneralWay() {
    Random random = new Random(7);
    String marks = " \n:#-{}[],\"'&*!|>%@`?~\\.a05\t\rA" + TWO.substring(60, 90);
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      read += agrees(Damage.of(TWO, marks, random)) ? 1 : 0;
    }
    assertTrue(read > 2_000, "only " + read + " were read at all");
  }
}

package io.dvault.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.yaml.Findings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Read file by file or whole, a repository says the same; what is to be told is told with its place. */
class DeviceFilesTest {
  @TempDir Path folder;
  private TestVault vault;

  @BeforeEach
  void fleet() {
    vault = TestVault.in(folder).device("d1", "role: drone").device("d2", "role: drone").authority("fleet-ssh", 1)
        .hostCertificate("host", "{selector: {role: drone}}", "7d", "2d");
  }

  private boolean isReadFileByFile() {
    Set<String> kinds = Set.of("Vault", "Device", "Authority", "SshCertificate");
    return DeviceFiles.read(vault.view().yaml(), new PlainFiles(), kinds).isPresent();
  }

  private List<String> findings() {
    Findings findings = new Findings();
    ConfigReader.read(vault.view(), TestVault.plugins(), findings);
    return findings.sorted().stream().map(each -> each.code() + " " + each.position().orElseThrow()).toList();
  }

  private void append(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.writeString(path, Files.readString(path) + text);
  }

  @Test
  void read_faultless_saysWhatTheWholeReadingSays() throws IOException {
    assertTrue(isReadFileByFile());
    DesiredState fileByFile = vault.desired();
    Path file = folder.resolve("devices/d2.yaml");
    Files.writeString(file, Files.readString(file).replaceFirst("  proof:", "  classic: true\n  proof:")); // a warning
    assertFalse(isReadFileByFile());
    DesiredState whole = vault.desired();
    assertEquals(fileByFile.devices().get("d1"), whole.devices().get("d1"));
    assertEquals(fileByFile.devices().get("d2").id(), whole.devices().get("d2").id());
    assertEquals(fileByFile.entries(), whole.entries());
    assertEquals(fileByFile.authorities(), whole.authorities());
  }

  @Test
  void read_twiceTheSameDevice_isToldAtItsPlace() throws IOException {
    Files.writeString(folder.resolve("devices/z.yaml"), Files.readString(folder.resolve("devices/d1.yaml")));
    List<String> told = findings();
    assertTrue(told.getFirst().startsWith("DV023 devices/z.yaml:3:"), told.toString());
  }

  @Test
  void read_deviceBesideOtherKinds_isADeviceAllTheSame() throws IOException {
    String device = Files.readString(folder.resolve("devices/d2.yaml"));
    Files.delete(folder.resolve("devices/d2.yaml"));
    append("vault.yaml", "---\n" + device);
    assertEquals(Set.of("d1", "d2"), vault.desired().devices().keySet());
    assertEquals("vault.yaml", vault.desired().devices().get("d2").position().file());
  }
}

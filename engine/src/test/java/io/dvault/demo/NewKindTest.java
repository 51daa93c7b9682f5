package io.dvault.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.demo.Engine.Ran;
import io.dvault.spi.Installer;
import io.dvault.spi.SecretKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A type of secret that nobody built in goes from YAML to the device, for its plugin lies on the class path. */
@Timeout(120)
class NewKindTest {
  private static final String YAML = """
      apiVersion: dvault.io/v1
      kind: WifiPassword
      metadata: {name: yard}
      spec:
        network: yard-5g
        devices: {names: [drone-1]}
        ttl: 7d
        install: {path: /etc/wpa}
      """;

  /** Rules see what a plugin's kind issues from, though nobody told them of the kind. */
  private static final String POLICY = """
      apiVersion: dvault.io/v1
      kind: TrustPolicy
      metadata: {name: wifi}
      spec:
        enforce: {longestTtl: {WifiPassword: 8d}, kinds: [WifiPassword], paths: [/etc/wpa]}
        rules:
          - {name: yard, when: change.kind == "WifiPassword", require: change.spec.network.endsWith("-5g")}
      """;

  @TempDir
  Path folder;

  @Test
  @Tag("O8")
  @Tag("E1")
  void kindOfAPlugin_yamlToDevice_withNoChangeInTheCore() throws IOException {
    Path plugin = Files.createDirectories(folder.resolve("plugin/META-INF/services"));
    Files.writeString(plugin.resolve(SecretKind.class.getName()), WifiPassword.class.getName());
    Files.writeString(plugin.resolve(Installer.class.getName()), WifiPassword.class.getName());
    Commands withPlugin = new Commands(folder.resolve("plugin"));
    try (TestStage stage = new TestStage(folder.resolve("stage"), withPlugin, "30s")) {
      Props props = stage.props;
      AgentProcess drone = stage.enroll("drone-1", "folders: [/etc/wpa]\n");
      props.write("wifi.yaml", YAML);

      // Without the plugin the kind is an unknown word: nothing in the core knows it.
      Ran without = new Commands().run(stage.vault(), List.of("validate"));
      assertEquals(1, without.exitCode(), without.text());
      assertTrue(without.text().contains("WifiPassword"), without.text());

      props.write("policies/wifi.yaml", POLICY.replace("-5g", "-6g"));
      Ran denied = withPlugin.run(stage.vault(), List.of("plan"));
      assertEquals(1, denied.exitCode(), denied.text());
      assertTrue(denied.text().contains("denied by wifi/yard"), denied.text());

      props.write("policies/wifi.yaml", POLICY);
      String plan = stage.dvault("plan");
      assertTrue(plan.contains("Policy: 2 rules passed."), plan);
      assertTrue(plan.contains("+ WifiPassword/yard@drone-1"), plan);
      assertTrue(
          plan.contains(
              "Plan: 1 to issue, 0 to rotate, 0 to revoke; rules of the devices to change."),
          plan);
      stage.dvault("apply", "-auto-approve");
      stage.look(drone);
      Path installed = drone.root().resolve("etc/wpa/yard.conf");
      assertTrue(
          Files.readString(installed).matches("ssid=yard-5g\npsk=[0-9a-f]{64}\n"),
          () -> installed + " is not a WPA key");
      assertEquals(
          "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(installed)));
      assertTrue(stage.dvault("plan").contains("No changes."));

      // It is taken away like anything else.
      Files.delete(stage.vault().resolve("wifi.yaml"));
      stage.dvault("apply", "-auto-approve", "-allow-removals");
      stage.look(drone);
      assertTrue(Files.notExists(installed), "the key is still on the device");
    }
  }
}

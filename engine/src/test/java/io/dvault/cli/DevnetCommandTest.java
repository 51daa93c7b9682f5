package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.devnet.DevnetInfo;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DevnetCommandTest {
  @TempDir
  Path folder;

  @Test
  @Tag("A10")
  void devnet_oneCommand_runsChainAndGatewayUntilItIsAskedToEnd() throws Exception {
    ScriptRun run = new ScriptRun(folder);
    CompletableFuture<Integer> code = new CompletableFuture<>();
    Thread devnet = Thread.ofPlatform()
        .start(() -> code.complete(run.dvault(
            List.of(), "devnet", "--rpc-port", "0", "--gateway-port", "0", "--state", "chain")));
    Optional<DevnetInfo> info = DevnetInfo.find(folder);
    while (info.isEmpty() && !code.isDone()) { // bounded by the test's own time limit
      Thread.sleep(50);
      info = DevnetInfo.find(folder);
    }
    ScriptRun other = new ScriptRun(folder);
    assertEquals(0, other.dvault(List.of(), "init", "--devnet", "--name", "fleet"), other::output);
    devnet.interrupt();
    assertEquals(0, code.get(60, TimeUnit.SECONDS), run::output);
    assertTrue(run.output().contains("code matches the published source"), run::output);
    assertFalse(DevnetInfo.find(folder).isPresent());
  }

  @Test
  void devnet_portIsTaken_saysWhichAndLeavesNothing() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ScriptRun run = new ScriptRun(folder);
      String port = String.valueOf(taken.getLocalPort());
      assertEquals(
          1,
          run.dvault(List.of(), "devnet", "--rpc-port", "0", "--gateway-port", port),
          run::output);
      String taking = "Error: port " + port + " is taken by another program";
      assertTrue(run.output().startsWith(taking), run::output);
      ScriptRun other = new ScriptRun(folder);
      assertEquals(
          1,
          other.dvault(List.of(), "devnet", "--rpc-port", port, "--gateway-port", "0"),
          other::output);
      assertTrue(other.output().startsWith(taking), other::output);
      assertTrue(other.output().contains("--rpc-port"), other::output);
      assertFalse(DevnetInfo.find(folder).isPresent());
    }
  }
}

package io.dvault.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.disk.Layout;
import io.dvault.model.DiagnosticException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What agent.yaml says of events. */
class AgentYamlTest {
  @TempDir
  private Path root;

  private AgentConfig read(String yaml) throws IOException {
    Layout layout = Layout.of(root);
    Files.createDirectories(layout.config().getParent());
    Files.writeString(layout.config(), yaml);
    return AgentYaml.read(layout);
  }

  @Test
  void events_none_areTheRpcEndpointsOwn_andPollStays() throws IOException {
    AgentConfig config = read("poll: 20s\n");
    assertEquals(Optional.empty(), config.eventsFrom());
    assertEquals(Duration.ofSeconds(20), config.eventsPoll());
  }

  @Test
  void events_named_areTheseOnly() throws IOException {
    AgentConfig config = read("events: {from: [\"wss://node.example:8546/x\"], poll: 10m}\n");
    assertEquals(
        Optional.of(List.of(URI.create("wss://node.example:8546/x"))), config.eventsFrom());
    assertEquals(Duration.ofMinutes(10), config.eventsPoll());
    assertEquals(Optional.of(List.of()), read("events: {from: []}\n").eventsFrom(), "nobody");
  }

  @Test
  void events_wrong_areRefusedByName() {
    refused(
        "events: {from: [\"https://node.example\"]}\n",
        "not WebSocket endpoints",
        "Expected ws://host:port");
    refused("poll: 30s\nevents: {poll: 5s}\n", "poll shorter than without events", "It is 5s");
    refused("events: {form: []}\n", "form", "from");
  }

  private void refused(String yaml, String what, String how) {
    String said =
        assertThrows(DiagnosticException.class, () -> read(yaml)).diagnostics().toString();
    assertTrue(said.contains(what) && said.contains(how), said);
  }
}

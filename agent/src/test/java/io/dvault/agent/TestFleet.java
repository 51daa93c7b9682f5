package io.dvault.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvault.ledger.evm.AnvilProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * What a test of the agent starts from: a vault of its own on the chain of its class, and drone-7,
 * enrolled. A test asks
 * for it in its constructor, and has {@code @ExtendWith(TestFleet.Fixture.class)}.
 */
final class TestFleet implements AutoCloseable {
  static final TestEntry APP = TestEntry.named("app");

  final AnvilProcess anvil;
  final Path folder;
  final TestVault vault;
  final TestDevice device;

  private TestFleet(AnvilProcess anvil) throws IOException {
    this.anvil = anvil;
    this.folder = Files.createTempDirectory("dvault-agent-").toRealPath();
    this.vault = new TestVault(anvil);
    this.device =
        new TestDevice(vault, folder.resolve("drone-7"), "drone-7", TestDevice.AGENT_YAML);
  }

  /** Commits the entry {@code app}, whose file is /etc/app/secret. */
  void commitApp(String content) {
    vault.put(device.recipient, APP.file("/etc/app/secret", content));
    vault.commit();
  }

  void assertHolds(String content) throws IOException {
    assertEquals(content, device.read("/etc/app/secret"));
  }

  @Override
  public void close() throws IOException {
    vault.close();
    io.dvault.disk.DurableFiles.wipeTree(folder);
  }

  /** Starts the chain once a class, a fleet once a test, and ends both. */
  static final class Fixture implements ParameterResolver {
    private static final Namespace OWN = Namespace.create(Fixture.class);

    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
      return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == TestFleet.class;
    }

    @Override
    public TestFleet resolveParameter(ParameterContext parameter, ExtensionContext context) {
      AnvilProcess anvil = context
          .getParent()
          .orElseThrow()
          .getStore(OWN)
          .computeIfAbsent(
              AnvilProcess.class,
              any -> AnvilProcess.start(AnvilProcess.Options.defaults()),
              AnvilProcess.class);
      return context
          .getStore(OWN)
          .computeIfAbsent(TestFleet.class, any -> start(anvil), TestFleet.class);
    }

    private static TestFleet start(AnvilProcess anvil) {
      try {
        return new TestFleet(anvil);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}

package io.dvault.install;

import io.dvault.disk.Checkpoint;
import io.dvault.disk.Layout;
import io.dvault.disk.RefusedException;
import io.dvault.install.AuthorizedKeysText.Line;
import io.dvault.log.StructuredLog;
import io.dvault.model.VaultId;
import io.dvault.spi.Installation.AuthorizedKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The marked block of every account that agent.yaml names, as a generation wants it. */
final class AccountKeys {
  private final Layout layout;
  private final DeviceAllowlist bounds;
  private final AuthorizedKeysText text;
  private final Checkpoint checkpoint;
  private final StructuredLog log;

  AccountKeys(
      Layout layout,
      DeviceAllowlist bounds,
      VaultId vault,
      Checkpoint checkpoint,
      StructuredLog log) {
    this.layout = layout;
    this.bounds = bounds;
    this.text = new AuthorizedKeysText(vault);
    this.checkpoint = checkpoint;
    this.log = log;
  }

  /** Returns what did not succeed; the other accounts hold what they should. */
  List<Problem> hold(Manifest current) {
    List<Problem> problems = new ArrayList<>();
    bounds.accounts().entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(account -> {
      List<Line> lines = current.entries().values().stream()
          .flatMap(held -> held.keys().stream()
              .filter(key -> key.account().equals(account.getKey()))
              .map(key -> line(held, key)))
          .toList();
      try {
        Path file = layout.onDevice(account.getValue());
        if (new AuthorizedKeysFile(layout.device(), file, text, checkpoint).hold(lines)) {
          log.info("authorized_keys", "account", account.getKey(), "lines", lines.size());
        }
      } catch (RefusedException e) {
        problems.add(Problem.of(e.code(), account.getKey(), e.getMessage()));
      } catch (IOException e) {
        problems.add(Problem.of("DV551", account.getKey(), account.getValue() + ": " + e));
      }
    });
    return problems;
  }

  private static Line line(InstalledEntry held, AuthorizedKey key) {
    Instant end = held.validity().notAfter();
    Instant own = key.notAfter().filter(end::isAfter).orElse(end);
    return new Line(key, own.minusSeconds(1)); // sshd still takes it in that second
  }
}

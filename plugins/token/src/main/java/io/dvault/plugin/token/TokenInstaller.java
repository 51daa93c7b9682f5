package io.dvault.plugin.token;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.model.SecretBytes;
import io.dvault.spi.InstallException;
import io.dvault.spi.InstallRequest;
import io.dvault.spi.Installation;
import io.dvault.spi.Installation.AtEnd;
import io.dvault.spi.Installation.PlacedFile;
import io.dvault.spi.Installer;
import java.util.List;
import java.util.Set;

/**
 * Puts a token into its file, and lets it go when its time is up: tokens fail closed.
 * docs/architecture.md, "The agent".
 */
public final class TokenInstaller implements Installer {
  @Override
  public Set<String> entryKinds() {
    return Set.of(TokenKind.KIND);
  }

  @Override
  public Installation install(InstallRequest request) throws InstallException {
    TokenFile file = TokenFile.of(request.install());
    if (!(request.material().find(TokenKind.CONTENT).orElse(CborValue.NULL)
        instanceof CborBytes content)) {
      throw new InstallException(request.address() + ": the bundle has no token");
    }
    PlacedFile placed = new PlacedFile(
        file.path(),
        SecretBytes.owning(content.value()),
        file.mode(),
        file.target().owner());
    return new Installation(List.of(placed), List.of(), file.target().action(), AtEnd.REMOVE);
  }
}

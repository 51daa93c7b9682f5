package io.dvault.agent;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.cbor.CborValue.CborList;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.CborValue.CborText;
import io.dvault.model.SecretBytes;
import io.dvault.spi.InstallException;
import io.dvault.spi.InstallRequest;
import io.dvault.spi.Installation;
import io.dvault.spi.Installation.AtEnd;
import io.dvault.spi.Installation.AuthorizedKey;
import io.dvault.spi.Installation.PlacedFile;
import io.dvault.spi.Installer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A plugin that does whatever the bundle says, as a malicious vault would have it: what holds then is the agent itself.
 * Material: path → content. Install: mode, owner, action, keep, keys [account, options, key,
 * comment, …], keyType, unfit.
 */
public final class TestInstaller implements Installer {
  static final String KIND = "TestFile";

  @Override
  public Set<String> entryKinds() {
    return Set.of(KIND);
  }

  @Override
  public Installation install(InstallRequest request) throws InstallException {
    CborMap install = request.install();
    if (install.find("unfit").isPresent()) {
      throw new InstallException(request.address() + ": key and certificate do not match");
    }
    if (install.find("crash").isPresent()) {
      throw new IndexOutOfBoundsException("a plugin's bug");
    }
    int mode = install
        .find("mode")
        .map(text -> Integer.parseInt(((CborText) text).value(), 8))
        .orElse(0600);
    Optional<String> owner = text(install, "owner");
    List<PlacedFile> files = new ArrayList<>();
    request
        .material()
        .entries()
        .forEach((path, content) -> files.add(
            new PlacedFile(path, SecretBytes.owning(((CborBytes) content).value()), mode, owner)));
    List<AuthorizedKey> keys = new ArrayList<>();
    List<CborValue> words =
        install.find("keys").map(list -> ((CborList) list).items()).orElse(List.of());
    for (int i = 0; i < words.size(); i += 4) {
      keys.add(new AuthorizedKey(
          word(words, i), word(words, i + 1), word(words, i + 2), word(words, i + 3)));
    }
    AtEnd atEnd = install.find("keep").isPresent() ? AtEnd.KEEP : AtEnd.REMOVE;
    return new Installation(
        files,
        keys,
        text(install, "action"),
        atEnd,
        text(install, "keyType").map(Set::of).orElse(Set.of()));
  }

  private static String word(List<CborValue> words, int index) {
    return ((CborText) words.get(index)).value();
  }

  private static Optional<String> text(CborMap map, String key) {
    return map.find(key).map(value -> ((CborText) value).value());
  }
}

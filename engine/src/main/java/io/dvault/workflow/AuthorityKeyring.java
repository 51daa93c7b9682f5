package io.dvault.workflow;

import io.dvault.bundle.AgeFile;
import io.dvault.bundle.Identity;
import io.dvault.desired.AuthorityDeclaration;
import io.dvault.git.RepositoryView;
import io.dvault.git.SourceFile;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.spi.AuthorityKey;
import io.dvault.spi.AuthorityType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Opens the keys of authorities, {@code authorities/NAME.N.age} as the repository was read (on disk, or at a commit),
 * with the admin's identity: each once, only when it is asked for, all wiped at the end. Thread-safe.
 */
final class AuthorityKeyring implements AutoCloseable {
  private final RepositoryView files;
  private final Path identityFile;
  private final Map<String, AuthorityType> types;
  private final Map<String, AuthorityDeclaration> authorities;
  private final Map<String, AuthorityKey> opened = new HashMap<>();

  AuthorityKeyring(
      RepositoryView files,
      Path identityFile,
      Map<String, AuthorityType> types,
      Map<String, AuthorityDeclaration> authorities) {
    this.files = files;
    this.types = Map.copyOf(types);
    this.identityFile = identityFile;
    this.authorities = Map.copyOf(authorities);
  }

  /** The key of the generation that signs now. Throws DV620 to DV625. */
  synchronized AuthorityKey get(String name) {
    return opened.computeIfAbsent(name, this::open);
  }

  private AuthorityKey open(String name) {
    AuthorityDeclaration authority = authorities.get(name);
    if (authority == null) {
      throw new IllegalStateException("planned with an undeclared authority: " + name);
    }
    return open(types.get(authority.type()), authority, name + "." + authority.active() + ".age");
  }

  private AuthorityKey open(AuthorityType type, AuthorityDeclaration authority, String file) {
    List<Identity> identities = AdminIdentity.open(identityFile);
    try {
      return switch (AgeFile.open(read(file), identities)) {
        case AgeFile.Result.Opened opened -> {
          try (var plain = opened.plaintext()) {
            yield matching(type.open(authority.name(), authority.active(), plain), authority, file);
          } catch (IllegalArgumentException e) {
            throw damaged(file, "it holds no key of type " + authority.type());
          }
        }
        case AgeFile.Result.NotForUs other ->
          throw new DiagnosticException(Diagnostic.error(
              "DV623",
              "your identity cannot decrypt this authority's key",
              "authorities/" + file + " is sealed to others than " + identityFile + ".",
              "Ask an admin in spec.admins of vault.yaml to apply, or name another "
                  + "identity. Nothing was changed."));
        case AgeFile.Result.Malformed malformed -> throw damaged(file, malformed.reason());
      };
    } finally {
      identities.forEach(Identity::close);
    }
  }

  private static AuthorityKey matching(
      AuthorityKey key, AuthorityDeclaration authority, String file) {
    byte[] declared = authority.generations().get(authority.active()).bytes();
    if (!Arrays.equals(key.authority().publicPart(), declared)) {
      key.close();
      throw damaged(
          file,
          "its key is not that of authorities/" + authority.name() + "." + authority.active()
              + ".pub");
    }
    return key;
  }

  private byte[] read(String file) {
    byte[] sealed = files
        .find("authorities/" + file)
        .map(SourceFile::content)
        .orElseThrow(() -> new DiagnosticException(Diagnostic.error(
            "DV624",
            "an authority's key is not in the repository",
            "authorities/" + file + " is missing.",
            "`dvault authority create` wrote it. Restore it from git.")));
    if (sealed.length > AgeFile.MAX_LENGTH) {
      throw damaged(file, "it is longer than " + AgeFile.MAX_LENGTH + " bytes");
    }
    return sealed;
  }

  private static DiagnosticException damaged(String file, String why) {
    return new DiagnosticException(Diagnostic.error(
        "DV625",
        "an authority's key cannot be used",
        "authorities/" + file + ": " + why + ".",
        "Restore the file from git. Nothing was changed."));
  }

  @Override
  public synchronized void close() {
    opened.values().forEach(AuthorityKey::close);
    opened.clear();
  }
}

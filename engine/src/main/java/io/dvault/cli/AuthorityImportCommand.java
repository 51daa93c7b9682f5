package io.dvault.cli;

import io.dvault.cli.view.AuthorityFilesView;
import io.dvault.cli.view.CommandContext;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.SecretBytes;
import io.dvault.spi.AuthorityType.NewKey;
import io.dvault.workflow.AuthorityFiles;
import io.dvault.workflow.NamedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "import",
    description = {
      "Import the key of a CA that devices already trust: seal it to every admin in vault.yaml and write its YAML.",
      "ssh: an unencrypted OpenSSH private key, Ed25519. tls: private key (PKCS #8) and "
          + "self-signed certificate, in PEM."
    },
    footer = {
      "",
      "Examples:",
      "  dvault authority import fleet-ssh ~/ca/ssh_ca",
      "  dvault authority import services --type tls ~/ca/root.key ~/ca/root.crt"
    })
final class AuthorityImportCommand implements Callable<Integer> {
  private static final int MOST_KIB = 64;

  private final CommandContext context;

  @Parameters(index = "0", paramLabel = "NAME", description = "The authority's name.")
  String name = "";

  @Parameters(
      index = "1..*",
      arity = "1..2",
      paramLabel = "FILE",
      description = "Private key file; for tls, also the certificate file.")
  List<String> files = new ArrayList<>();

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "Type: ssh or tls. Default: as declared, else ssh.")
  String type = "";

  AuthorityImportCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    AuthorityFiles next = AuthorityFiles.of(context.run(), name, type, "");
    NewKey key = adopted(next);
    requireFitting(next, key);
    next.write(key);
    AuthorityFilesView.print(context.terminal(), next);
    String source = files.getFirst();
    context
        .terminal()
        .println("Devices that trust this CA keep trusting it. Anyone who can read " + source
            + " can still sign with it:");
    context
        .terminal()
        .println("delete it and its copies, or replace the key with `dvault authority create "
            + name + "`.");
    context.terminal().println("");
    context
        .terminal()
        .println("Next: commit these files and run `dvault apply`. The chain is unchanged so far.");
    return ExitCode.OK;
  }

  private NewKey adopted(AuthorityFiles next) {
    byte[] all = new byte[0];
    try {
      for (String file : files) {
        all = joined(all, NamedFile.read(context.run(), file, MOST_KIB));
      }
      try (SecretBytes secret = SecretBytes.copyOf(all)) {
        return next.type().adopt(secret, next.comment(), context.clock().instant());
      }
    } catch (IllegalArgumentException e) {
      throw new DiagnosticException(Diagnostic.error(
          "DV062",
          "not a key that an authority of type " + next.typeName() + " can sign with",
          String.join(", ", files) + ": " + e.getMessage() + ".",
          "Nothing was changed."));
    } finally {
      Arrays.fill(all, (byte) 0);
    }
  }

  /** One behind the other, on lines of their own; both are wiped. */
  private static byte[] joined(byte[] first, byte[] second) {
    int at = first.length == 0 ? 0 : first.length + 1;
    byte[] both = Arrays.copyOf(first, at + second.length);
    if (at > 0) {
      both[first.length] = '\n';
    }
    System.arraycopy(second, 0, both, at, second.length);
    Arrays.fill(first, (byte) 0);
    Arrays.fill(second, (byte) 0);
    return both;
  }

  /** The declaration's algorithm, and no generation twice: that would look like a change of keys and be none. */
  private void requireFitting(AuthorityFiles next, NewKey key) {
    next.wanted().filter(word -> !word.equals(key.algorithm())).ifPresent(word -> {
      throw refused(
          key,
          Diagnostic.error(
              "DV904",
              "the key differs from the declaration",
              "Authority \"" + name + "\" is declared with " + word + ", and this key is "
                  + key.algorithm() + ".",
              "Nothing was changed."));
    });
    byte[] added = next.type().parsePublic(key.publicText());
    next.publicParts().forEach((generation, file) -> {
      if (isPublicPart(next, file, added)) {
        throw refused(
            key,
            Diagnostic.error(
                "DV063",
                "this key is already generation " + generation,
                "authorities/" + file.getFileName() + " is its public part. Nothing was changed."));
      }
    });
  }

  private static DiagnosticException refused(NewKey key, Diagnostic why) {
    key.privatePart().close();
    return new DiagnosticException(why);
  }

  /** False for what is damaged or missing, which {@code validate} tells. */
  private static boolean isPublicPart(AuthorityFiles next, Path file, byte[] added) {
    try {
      return Arrays.equals(
          added, next.type().parsePublic(Files.readString(file, StandardCharsets.UTF_8)));
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }
}

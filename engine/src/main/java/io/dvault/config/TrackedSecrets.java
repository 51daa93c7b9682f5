package io.dvault.config;

import io.dvault.git.SourceFile;
import io.dvault.model.Diagnostic;
import io.dvault.model.SourcePosition;
import io.dvault.yaml.Findings;
import io.dvault.yaml.SecretText;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Secrets in files that git tracks beside a vault's YAML: a private key that was never sealed.
 * docs/requirements.md A7.
 */
public final class TrackedSecrets {
  private TrackedSecrets() {}

  public static void find(List<SourceFile> files, Findings findings) {
    for (SourceFile file : files) {
      String text = new String(file.content(), StandardCharsets.ISO_8859_1);
      for (SecretText.Found found : SecretText.find(text)) {
        int line = (int)
                text.substring(0, found.start()).chars().filter(c -> c == '\n').count()
            + 1;
        int column = found.start() - text.lastIndexOf('\n', found.start() - 1);
        findings.add(Diagnostic.error(
                "DV043",
                "a secret is tracked by git: " + found.what(),
                "Anyone who can read the repository can read it, also in git's history. Replace the secret.",
                "Run `git rm --cached` on the file, and store the new secret elsewhere, or sealed: age -r RECIPIENT.")
            .at(new SourcePosition(file.path(), line, column)));
      }
    }
  }
}

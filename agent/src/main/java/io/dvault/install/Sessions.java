package io.dvault.install;

import io.dvault.install.Manifest.EndedKey;
import java.util.List;

/** Ends live sessions of keys whose access ended. docs/requirements.md I8. */
@FunctionalInterface
public interface Sessions {
  /** For devices whose agent.yaml says {@code sessions: {end: never}}. */
  Sessions NEVER = ended -> List.of();

  List<Problem> end(List<EndedKey> ended);
}

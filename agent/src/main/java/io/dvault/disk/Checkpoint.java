package io.dvault.disk;

/**
 * Told each time a step on disk is done, so that a test can end the process exactly there.
 * docs/threat-model.md T23.
 */
@FunctionalInterface
public interface Checkpoint {
  Checkpoint NONE = step -> {};

  enum Step {
    TEMP_CREATED,
    TEMP_WRITTEN,
    RENAMED,
    FILE_STAGED,
    STAGED,
    PENDING,
    FLIPPED,
    KEYS_WRITTEN,
    ACTION_RUN,
    CONFIRMED,
    WIPED
  }

  void reached(Step step);
}

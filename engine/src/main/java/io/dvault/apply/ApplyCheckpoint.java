package io.dvault.apply;

/**
 * Told of every step of an apply just before it starts, so that a test can end the process there
 * (docs/threat-model.md T29) and a screen can show where it is.
 */
@FunctionalInterface
public interface ApplyCheckpoint {
  /** In the order in which they come. */
  enum Step {
    ISSUE,
    PUBLISH,
    READ_BACK,
    APPROVE,
    JOURNAL_COMMIT,
    SEND,
    CLEAN_UP
  }

  ApplyCheckpoint NONE = step -> {};

  void before(Step step);
}

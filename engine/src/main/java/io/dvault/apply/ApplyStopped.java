package io.dvault.apply;

/**
 * Thrown by a {@link ApplyCheckpoint} or an {@link ApplyProgress} to give an apply up between two
 * steps, because somebody asked
 * to (docs/requirements.md S3). Nothing was sent: whatever was published is referred to by nobody.
 */
public final class ApplyStopped extends RuntimeException {
  private static final long serialVersionUID = 1L;
}

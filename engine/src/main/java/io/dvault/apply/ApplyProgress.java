package io.dvault.apply;

/** Told how far an apply has come; from several threads, in any order within one phase. */
public interface ApplyProgress {
  ApplyProgress SILENT = new ApplyProgress() {};

  default void issued(long done, long of) {}

  /** @param bytes of all blocks together */
  default void published(long bytes, int stores) {}

  default void readBack(long done, long of) {}

  /** All gateways gave everything back. */
  default void published(long bytes, int stores, int gateways) {}
}

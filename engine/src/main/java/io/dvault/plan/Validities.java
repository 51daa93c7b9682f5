package io.dvault.plan;

import io.dvault.model.Validity;
import io.dvault.registry.DeviceRules;
import io.dvault.spi.EntryTemplate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** From when to when a newly issued entry is valid. */
public final class Validities {
  /** Clocks of devices may be late by so much (docs/threat-model.md T21). */
  public static final Duration BACKDATED = DeviceRules.BACKDATED;

  private Validities() {}

  /** @param at the instant of the commit: the time to live counts from there, not from the plan */
  public static Validity of(EntryTemplate template, Instant at) {
    Instant start = at.truncatedTo(ChronoUnit.SECONDS);
    return new Validity(start.minus(BACKDATED), start.plus(template.ttl()));
  }
}

package io.dvault.ledger;

import io.dvault.model.Bytes32;
import java.time.Instant;

/** Where on the chain something was read or happened. */
public record BlockStamp(long number, Bytes32 hash, Instant time) {}

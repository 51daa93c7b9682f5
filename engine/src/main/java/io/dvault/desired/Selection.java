package io.dvault.desired;

import io.dvault.model.SourcePosition;

/**
 * A choice of devices as it is declared.
 *
 * @param words {@code selector role=drone}
 */
public record Selection(String words, SourcePosition position) {}

package io.dvault.plan;

/**
 * One line below a change: {@code notAfter  2026-11-24 20:11Z → 2026-12-01 22:30Z}; {@code before} is empty when new.
 */
public record FieldChange(String name, String before, String after) {}

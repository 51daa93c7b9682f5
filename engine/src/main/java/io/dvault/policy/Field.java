package io.dvault.policy;

import dev.cel.common.types.CelType;

/** A field that rules may read. It always has a value: what does not apply is empty ({@code ""}, 0, false, []). */
record Field(String name, CelType type, String description) {}

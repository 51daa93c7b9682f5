package io.dvault.plan;

import io.dvault.model.EntryAddress;

/** An entry that goes by another name and is otherwise as it was: nothing is issued, and it costs nothing. */
public record Moved(EntryAddress from, EntryAddress to) {}

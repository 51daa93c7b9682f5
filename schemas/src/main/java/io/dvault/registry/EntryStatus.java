package io.dvault.registry;

/** Whether an entry may be used. Revoked entries stay listed, so that no revert of git brings them back. */
public enum EntryStatus { ACTIVE, REVOKED }

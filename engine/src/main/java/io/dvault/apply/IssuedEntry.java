package io.dvault.apply;

import io.dvault.dag.Block;
import io.dvault.model.Validity;
import io.dvault.plan.Change;

/**
 * One change with what was issued for it; nothing in it is secret any more.
 *
 * @param sealed raw block with the sealed bundle
 * @param publicPart in the clear; empty where the kind has none
 */
record IssuedEntry(Change.Issuing change, Block sealed, byte[] publicPart, Validity validity) {}

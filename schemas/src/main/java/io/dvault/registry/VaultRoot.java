package io.dvault.registry;

import io.dvault.cbor.Cid;
import io.dvault.model.VaultId;
import java.time.Instant;
import java.util.Optional;

/**
 * The block that the chain commits to.
 *
 * @param prev the root before, empty at epoch 1
 * @param at when the engine planned, whole seconds
 * @param commit as {@link GitCommit} writes it
 */
public record VaultRoot(
    VaultId vault,
    long epoch,
    Optional<Cid> prev,
    Instant at,
    String commit,
    Cid devices,
    Cid authorities,
    Cid rules) {}

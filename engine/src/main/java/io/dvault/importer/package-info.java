/**
 * What OpenSSH's own files declare, as YAML of a vault: lines of {@code authorized_keys}, public keys, {@code
 * known_hosts}. Public parts only. Pure. Must not know the repository, plugins or the network.
 */
package io.dvault.importer;

/**
 * The typed tree of a vault over {@code dag}: schemas/spec/registry.md. Must not know the network
 * or YAML.
 */
package io.dvault.registry;

/** The typed tree of a vault over {@code dag}: DESIGN 4. Must not know the network or YAML. */
package io.dvault.registry;

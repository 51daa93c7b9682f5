/**
 * What the repository says, as plain values with positions: {@link io.dvault.desired.DesiredState}
 * and its records. Must
 * know neither files, git nor YAML beyond texts with their places.
 */
package io.dvault.desired;

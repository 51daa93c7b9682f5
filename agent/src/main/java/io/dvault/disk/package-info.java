/**
 * Where the agent keeps what, and writes that survive a power cut with owner and mode right from the first byte. Knows
 * nothing of vaults.
 */
package io.dvault.disk;

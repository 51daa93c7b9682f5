/**
 * SSH: key pairs, certificates, grants, and the authorities that sign. Formats are OpenSSH's own (PROTOCOL.certkeys,
 * PROTOCOL.key, sshd(8) AUTHORIZED_KEYS FILE FORMAT). Diagnostics DV130 to DV159. Must not know engine or agent.
 */
package io.dvault.plugin.ssh;

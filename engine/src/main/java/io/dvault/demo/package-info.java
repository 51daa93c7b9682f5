/**
 * {@code dvault demo}: five-minute access, for real, on this machine, in under a minute. The one home of Apache MINA
 * SSHD, which stands in where there is no OpenSSH. Drives everything through the commands and daemons that users run.
 */
package io.dvault.demo;

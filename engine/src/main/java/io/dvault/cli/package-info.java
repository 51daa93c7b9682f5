/**
 * The command line: one class a command, what people and machines read, exit codes. Must not know web3j or
 * BouncyCastle; picocli lives here alone.
 *
 * <p>Start-up is lazy: only the class of the command that was named is loaded, and command classes keep vendor types
 * out of their fields and signatures.
 *
 * <p>Diagnostics: DV901 unknown command, DV902 unknown option, DV903 something is missing, DV904 a value that cannot
 * be read, DV905 no such folder, DV999 a bug in dVault.
 */
package io.dvault.cli;

/**
 * The command line as both programs show it: help, usage errors, exit codes, completion of shells, man pages. Knows
 * picocli and diagnostics, and must not know what any command does.
 */
package io.dvault.console;

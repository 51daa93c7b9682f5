/**
 * Structured log lines: key=value, one event a line, nothing secret. Knows nothing of dVault but
 * diagnostics' codes.
 */
package io.dvault.log;

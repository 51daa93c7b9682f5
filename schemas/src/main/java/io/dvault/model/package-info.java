/** Ids, addresses, validity, diagnostics: the words that every other package shares. Knows only the JDK. */
package io.dvault.model;

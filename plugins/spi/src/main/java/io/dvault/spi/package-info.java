/** What a plugin implements and is given. Must not know any plugin. Providers are found by ServiceLoader. */
package io.dvault.spi;

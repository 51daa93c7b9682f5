/** Seals and opens age v1 files with one recipient, their payload and its padding. Must not know dag, nor do I/O. */
package io.dvault.bundle;

/**
 * The embedded block store: a folder of CARs, one a commit, with a sorted index beside each
 * (schemas/spec/folder-store.md). Must not know the network or what the blocks mean. Diagnostics: DV410 to DV412.
 */
package io.dvault.store.folder;

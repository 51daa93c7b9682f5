/**
 * What touches the device's disk and programs: durable files, generations of files, the marked
 * block of authorized_keys,
 * actions, sessions, and the device's own bounds on all of them (docs/architecture.md, "The
 * agent"). Must not know the chain, blocks or sealing.
 *
 * <p>Codes: DV540 path outside the folders, DV541 unknown action, DV542 account or key refused, DV543 owner or mode
 * refused, DV544 two entries want one path, DV545 folder is not ours, DV550 action failed and rolled back, DV551
 * authorized_keys not edited, DV553 action failed after a removal, DV554 sessions that cannot be told apart.
 */
package io.dvault.install;

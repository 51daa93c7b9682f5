/**
 * From a followed head to what the device holds: {@link io.dvault.converge.Converger} is pure; the
 * classes around it fetch,
 * open and hand over to {@code install} (docs/architecture.md, "The agent"). Must not know issuing,
 * nor write to the ledger.
 *
 * <p>Codes: DV529 authorities that no commit told of, DV530 block not available, DV531 tree
 * malformed, DV532 sealed bundle
 * malformed or not for this device, DV533 sealed bundle made for another place, DV534 material not fit to be installed,
 * DV546 what the vault's rules do not allow, DV552 ended and kept, DV561 files were changed behind our back.
 */
package io.dvault.converge;

/**
 * The one built-in block source: any list of trustless IPFS gateways over HTTP; a cache below it, the read-back of new
 * blocks and the backfill of a late store beside it. Bytes from a gateway are worth nothing until they hash to the id
 * asked for. Must not know any store. Diagnostics: DV402, DV403, DV440.
 */
package io.dvault.gateway;

/**
 * The one built-in block source: any list of trustless IPFS gateways over HTTP. Bytes from a gateway are worth nothing
 * until they hash to the id asked for.
 */
package io.dvault.gateway;

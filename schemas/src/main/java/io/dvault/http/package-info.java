/**
 * The one HTTP client: RPC endpoints, gateways, Kubo and receipt collectors are all asked through it. Owns the bounds
 * that hold whatever a server says: bytes, time, pace, connections. Must not know what an answer means.
 */
package io.dvault.http;

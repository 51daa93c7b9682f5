/**
 * TLS: X.509 authorities, the certificates that they sign for servers and clients, and the files by which programs find
 * both. Certificates are RFC 5280's, names are checked as RFC 6125 and RFC 9525 want them, keys are
 * ECDSA P-256 (RFC 5480)
 * or Ed25519 (RFC 8410). No CRL and no OCSP: what ends access is a short life. Diagnostics DV170 to DV179:
 *
 * <ul>
 *   <li>DV170 a certificate without any name
 *   <li>DV171 not a DNS name
 *   <li>DV172 not an IP address
 *   <li>DV173 not a URI
 *   <li>DV174 not a common name
 *   <li>DV175 not a usage
 *   <li>DV176 not a file name
 *   <li>DV177 the certificate would outlive its authority (when it is issued)
 *   <li>DV178 one file for two things
 * </ul>
 *
 * Must not know engine or agent.
 */
package io.dvault.plugin.tls;

/**
 * Tokens and secret files: random ones, or values that the engine reads from a source by reference. Diagnostics DV160
 * to DV166:
 *
 * <ul>
 *   <li>DV160 a secret is written out in YAML
 *   <li>DV161 no source, or more than one
 *   <li>DV162 not a name that a source can have
 *   <li>DV163 the template has no {token}
 *   <li>DV164 not a mode, or one that lets everybody read
 *   <li>DV165 not a file name
 *   <li>DV166 the source's value is empty or too long (when it is issued)
 * </ul>
 *
 * Must not know engine or agent.
 */
package io.dvault.plugin.token;

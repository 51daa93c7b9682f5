/**
 * A vault's authorities, secrets and devices as a graph, and its three written forms. Pure. Must
 * not know YAML, plans or
 * the network.
 */
package io.dvault.graph;

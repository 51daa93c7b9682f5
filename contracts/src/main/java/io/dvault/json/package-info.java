/**
 * JSON values for the chain's side and the agent, read strictly and written. Owns the bounds on depth and lengths. Must
 * not know what a value means.
 */
package io.dvault.json;

/**
 * YAML text to positioned values, with limits; the one home of SnakeYAML. In {@code schemas} because the agent reads its
 * own {@code agent.yaml} with the same care as the engine reads a repository. Knows only {@code model}.
 */
package io.dvault.yaml;

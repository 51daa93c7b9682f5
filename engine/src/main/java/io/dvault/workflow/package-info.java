/**
 * The use cases without a screen: make a plan, apply it, roll out in waves, approve, read history, open keys. Must know
 * neither picocli nor terminals: what happens goes to {@link io.dvault.workflow.ApplyListener}.
 * Diagnostics: DV3xx to DV9xx
 * of these use cases.
 */
package io.dvault.workflow;

/**
 * The daemon {@code dvault-agent}: commands, {@code agent.yaml}, enrolment, the loop, status and
 * receipts. Knows every other
 * package of the agent; must never know the engine. Plugins are found by ServiceLoader, at run time only.
 *
 * <p>Codes: DV500 a name or label that cannot be, DV501 not enrolled, DV502 enrolled otherwise
 * already, DV503 another agent runs here,
 * DV504 state folder not usable or damaged, DV505 identity or signer not usable, DV506 agent.yaml
 * asks for what cannot be,
 * DV511 anchor and chain disagree, DV560 receipt not delivered, DV562 a
 * gateway gave wrong bytes or none, DV563 an RPC endpoint said something else than the others, DV599 a bug.
 */
package io.dvault.agent;

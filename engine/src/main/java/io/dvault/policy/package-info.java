/**
 * Trust-policy rules over a plan: CEL expressions, checked when files are read, evaluated with bounds, and tested. The
 * one home of the CEL library, whose classes are loaded only where a policy is declared. Must not know {@code apply}.
 *
 * <p>Codes: DV250 an expression that is no CEL or not of its type, DV251 an expression that is too long or too complex,
 * DV254 denied by a rule, DV255 warned by a rule, DV256 a rule that could not be evaluated, DV258 an entry that devices
 * would refuse, DV259 a test case that makes no sense, DV260 policies that take too long. From {@code config}: DV252 a
 * policy of a wrong shape, DV253 what devices cannot enforce, DV257 policies that leave nothing.
 */
package io.dvault.policy;

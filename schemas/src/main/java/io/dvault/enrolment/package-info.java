/**
 * What a device says of itself when it enrols: name, recipient, signer, and the signature that ties them together.
 * Knows {@code model}, {@code cbor} and {@code crypto}. Format: {@code schemas/spec/enrolment.md}.
 */
package io.dvault.enrolment;

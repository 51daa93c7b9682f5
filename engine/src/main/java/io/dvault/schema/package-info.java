/**
 * JSON Schemas held against documents. Must not know what the kinds mean. The only place that sees a schema validator.
 * Diagnostics: DV049.
 */
package io.dvault.schema;

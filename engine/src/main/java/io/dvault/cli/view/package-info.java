/**
 * What people and machines read, and what they answer: screens, JSON, Markdown, events, progress,
 * prompts. Must know neither
 * the network nor the ledger's writers.
 */
package io.dvault.cli.view;

package io.dvault.dag;

/**
 * A block and where its bytes lie in a CAR.
 *
 * @param offset of the block's own bytes (after length and CID) from the start of the CAR; they are
 *     {@code block.bytes().length} long
 */
public record CarSection(long offset, Block block) {}

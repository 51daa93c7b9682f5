package io.dvault.dag;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborBytes;

/** One key and its value in an IPLD HashMap. */
public record HashMapEntry(CborBytes key, CborValue value) {}

package io.dvault.bundle;

import io.dvault.crypto.Aead;
import java.util.List;

/** One recipient's part of the header: type and arguments as printable ASCII, and a body. Nothing here is secret. */
record Stanza(String type, List<String> args, byte[] body) {
  static final int FILE_KEY_LENGTH = 16;

  /** The body of every native stanza: the file key and its tag. */
  static final int WRAPPED_KEY_LENGTH = FILE_KEY_LENGTH + Aead.TAG_LENGTH;

  Stanza {
    args = List.copyOf(args);
  }

  /** The one argument, decoded; throws when there are more or fewer, or it is not canonical or not of that length. */
  byte[] onlyArgument(int length) throws MalformedAgeException {
    if (args.size() != 1) {
      throw new MalformedAgeException(
          AgeFile.Part.HEADER, type + " stanza with " + args.size() + " arguments");
    }
    byte[] value = RawBase64.decode(args.getFirst());
    if (value.length != length) {
      throw new MalformedAgeException(
          AgeFile.Part.HEADER,
          type + " stanza: argument of " + value.length + " bytes, not " + length);
    }
    return value;
  }

  /** Holds the body against its only length, before anything is decrypted (partitioning oracles). */
  void requireWrappedKey() throws MalformedAgeException {
    if (body.length != WRAPPED_KEY_LENGTH) {
      throw new MalformedAgeException(
          AgeFile.Part.HEADER,
          type + " stanza: body of " + body.length + " bytes, not " + WRAPPED_KEY_LENGTH);
    }
  }
}

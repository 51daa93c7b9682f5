package io.dvault.curve;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.conscrypt.OpenSSLKey;

/**
 * Calls of BoringSSL that Conscrypt has and does not offer. Whatever is not there, in another version of it, throws
 * ReflectiveOperationException, and BouncyCastle does the work.
 */
final class NativeCalls {
  private static final String PACKAGE = "org.conscrypt.";

  private final MethodHandles.Lookup inside;
  private final Class<?> calls;

  NativeCalls() throws ReflectiveOperationException {
    this.inside = MethodHandles.privateLookupIn(OpenSSLKey.class, MethodHandles.lookup());
    this.calls = type("NativeCrypto");
  }

  /** A class of Conscrypt's package by its binary name. */
  Class<?> type(String name) throws ReflectiveOperationException {
    return inside.findClass(PACKAGE + name);
  }

  MethodHandle find(String name, Class<?> result, Class<?>... parameters) throws ReflectiveOperationException {
    return inside.findStatic(calls, name, MethodType.methodType(result, parameters));
  }

  /** How the native key below one of Conscrypt's objects is asked for. */
  MethodHandle keyBelow(Class<?> nativeKey) throws ReflectiveOperationException {
    return inside.findVirtual(OpenSSLKey.class, "getNativeRef", MethodType.methodType(nativeKey));
  }
}

package io.dvault.config;

import io.dvault.model.SourcePosition;
import io.dvault.yaml.Fields;
import io.dvault.yaml.SourceText;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The spec of an object over the vault's defaults for its kind: a field that the object does not have is read, and
 * told of, where the default stands. {@code install} is filled field by field, every other field as a whole.
 */
record DefaultedFields(Fields own, Fields defaults) implements Fields {
  static final String MERGED = "install";

  private Fields of(String key) {
    boolean there = own.has(key);
    return defaults.has(key) && !there ? defaults : own;
  }

  @Override
  public SourcePosition position() {
    return own.position();
  }

  @Override
  public SourcePosition position(String key) {
    return of(key).position(key);
  }

  @Override
  public boolean has(String key) {
    return of(key).has(key);
  }

  @Override
  public String requireString(String key) {
    return of(key).requireString(key);
  }

  @Override
  public Optional<String> findString(String key) {
    return of(key).findString(key);
  }

  @Override
  public String choice(String key, String fallback, List<String> allowed) {
    return of(key).choice(key, fallback, allowed);
  }

  @Override
  public long integer(String key, long fallback, long min, long max) {
    return of(key).integer(key, fallback, min, max);
  }

  @Override
  public boolean bool(String key, boolean fallback) {
    return of(key).bool(key, fallback);
  }

  @Override
  public Duration requireDuration(String key) {
    return of(key).requireDuration(key);
  }

  @Override
  public Optional<Duration> findDuration(String key) {
    return of(key).findDuration(key);
  }

  @Override
  public List<String> strings(String key) {
    return of(key).strings(key);
  }

  @Override
  public Map<String, String> stringMap(String key) {
    return of(key).stringMap(key);
  }

  @Override
  public Fields map(String key) {
    boolean both = key.equals(MERGED) && own.has(key) && defaults.has(key);
    return both ? new DefaultedFields(own.map(key), defaults.map(key)) : of(key).map(key);
  }

  @Override
  public List<Fields> maps(String key) {
    return of(key).maps(key);
  }

  @Override
  public Map<String, Object> tree(String key) {
    return of(key).tree(key);
  }

  @Override
  public Optional<SourceText> findSource(String key) {
    return of(key).findSource(key);
  }

  @Override
  public List<String> keys() {
    return own.keys();
  }

  @Override
  public void error(String key, String code, String summary, String... detail) {
    of(key).error(key, code, summary, detail);
  }

  @Override
  public void warning(String key, String code, String summary, String... detail) {
    of(key).warning(key, code, summary, detail);
  }

  @Override
  public void errorWithoutSource(String key, String code, String summary, String... detail) {
    of(key).errorWithoutSource(key, code, summary, detail);
  }
}

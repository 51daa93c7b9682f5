package io.dvault.json;

import io.dvault.json.Json.MalformedAnswer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads strictly from Jackson's token stream (no duplicate keys, nothing behind the end, bounded depth and lengths):
 * data binding would cost an idle agent several MiB of classes.
 */
final class JsonReader {
  private static final int MAX_DEPTH = 32;
  private static final int MAX_STRING = 16 << 20;
  private static final int MAX_NUMBER = 100;
  private static final JsonFactory FACTORY = JsonFactory.builder()
      .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
      .streamReadConstraints(StreamReadConstraints.builder()
          .maxNestingDepth(MAX_DEPTH)
          .maxStringLength(MAX_STRING)
          .maxNumberLength(MAX_NUMBER)
          .build())
      .build();

  private JsonReader() {}

  static Json read(byte[] utf8) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), utf8)) {
      Json value = read(parser, parser.nextToken());
      if (parser.nextToken() != null) {
        throw new MalformedAnswer("something follows the JSON value");
      }
      return value;
    } catch (JacksonException e) {
      throw new MalformedAnswer("not valid JSON: " + e.getOriginalMessage());
    }
  }

  // Depth is bounded by the parser's constraint, hence this recursion too.
  private static Json read(JsonParser parser, JsonToken token) {
    if (token == null) {
      throw new MalformedAnswer("the JSON ends too early");
    }
    return switch (token) {
      case START_OBJECT -> {
        Map<String, Json> fields = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          fields.put(name, read(parser, parser.nextToken()));
        }
        yield new Json.Obj(fields);
      }
      case START_ARRAY -> {
        List<Json> items = new ArrayList<>();
        for (JsonToken next = parser.nextToken();
            next != JsonToken.END_ARRAY;
            next = parser.nextToken()) {
          items.add(read(parser, next));
        }
        yield new Json.Arr(items);
      }
      case VALUE_STRING -> new Json.Text(parser.getString());
      case VALUE_NUMBER_INT ->
        parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
            ? new Json.Nothing()
            : new Json.Whole(parser.getLongValue());
      case VALUE_TRUE -> new Json.Bool(true);
      case VALUE_FALSE -> new Json.Bool(false);
      case VALUE_NULL, VALUE_NUMBER_FLOAT -> new Json.Nothing();
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
        throw new MalformedAnswer("unexpected " + token);
    };
  }
}

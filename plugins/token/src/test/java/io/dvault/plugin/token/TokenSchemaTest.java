package io.dvault.plugin.token;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The JSON Schema takes and refuses what the kind does. */
@Tag("A4")
class TokenSchemaTest {
  private static final Schema SCHEMA = load();

  private static Schema load() {
    try (InputStream in =
        TokenSchemaTest.class.getResourceAsStream("/io/dvault/schemas/token.schema.json")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(text, InputFormat.JSON);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "true  | {\"random\": {}} | {\"path\": \"/etc/app\"}",
        "true  | {\"random\": {\"encoding\": \"hex\"}} | {\"path\": \"/a\", \"mode\": \"0640\", \"file\": \"a.env\"}",
        "true  | {\"env\": \"API_TOKEN\"} | {\"path\": \"/etc/app\", \"action\": "
            + "\"restart-app\", \"owner\": \"app:app\"}",
        "true  | {\"file\": \"secrets/api.txt\", \"trim\": true} | {\"path\": \"/etc/app\"}",
        "true  | {\"age\": \"secrets/api.age\"} | {\"path\": \"/etc/app\"}",
        "false | {} | {\"path\": \"/etc/app\"}",
        "false | {\"value\": \"hunter2\"} | {\"path\": \"/etc/app\"}",
        "false | {\"env\": \"A\", \"file\": \"b\"} | {\"path\": \"/etc/app\"}",
        "false | {\"env\": \"not a name\"} | {\"path\": \"/etc/app\"}",
        "false | {\"random\": {\"bytes\": 8}} | {\"path\": \"/etc/app\"}",
        "false | {\"random\": {}} | {\"path\": \"/etc/app\", \"mode\": \"0644\"}",
        "false | {\"random\": {}} | {\"path\": \"etc/app\"}",
      })
  void schema_tokenDeclaration_isJudgedAsTheKindDoes(boolean valid, String from, String install) {
    String json = """
        {"apiVersion": "dvault.io/v1", "kind": "Token", "metadata": {"name": "api"},
         "spec": {"devices": {"names": ["gw-1"]}, "ttl": "7d", "from": %s, "install": %s}}
        """.formatted(from, install);
    assertEquals(valid, SCHEMA.validate(json, InputFormat.JSON).isEmpty(), json);
  }
}

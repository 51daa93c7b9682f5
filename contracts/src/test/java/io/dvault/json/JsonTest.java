package io.dvault.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonTest {
  private static Json parse(String text) {
    return Json.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void parse_whatWasWritten_isTheSame() {
    Json value = Json.object(
        "a",
        "quote \" back \\ line \n é",
        "b",
        Json.array(new Json.Whole(-7), Json.bool(true), new Json.Nothing(), Json.object()));
    StringBuilder text = new StringBuilder();
    value.write(text);

    assertEquals(value, parse(text.toString()));
  }

  @Test
  void parse_laxJson_isMalformed() {
    for (String lax : List.of(
        "",
        "{",
        "[1,]",
        "{\"a\":1,\"a\":2}",
        "{} {}",
        "{'a':1}",
        "NaN",
        "01",
        "// x\n1",
        "[".repeat(100) + "]".repeat(100),
        "\"\u0001\"",
        "{\"a\" 1}")) {
      assertThrows(Json.MalformedAnswer.class, () -> parse(lax), lax);
    }
  }
}

package io.dvault.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.model.Diagnostic;
import io.dvault.model.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("A2")
class YamlFieldsTest {
  private final Findings findings = new Findings();

  private YamlFields parse(String yaml) {
    return YamlFields.parse("a.yaml", yaml, findings);
  }

  private Diagnostic only() {
    assertEquals(1, findings.count(), findings.sorted().toString());
    return findings.sorted().getFirst();
  }

  @Test
  void finish_misspeltField_saysWhatWasMeant() {
    YamlFields fields = parse("devices: {selector: {role: drone}}\nprincpals: [x]\n");
    fields.map("devices").stringMap("selector");
    fields.strings("principals");
    fields.finish();
    assertEquals("DV012", only().code());
    assertEquals("unknown field \"princpals\"", only().summary());
    assertEquals("did you mean \"principals\"?", only().hint());
    assertEquals("a.yaml:2:1", only().position().orElseThrow().toString());
    assertEquals(9, only().snippet().orElseThrow().length());
    assertEquals(1, only().snippet().orElseThrow().firstLine());
  }

  @Test
  void finish_unknownFieldOfNestedMapping_isFound() {
    YamlFields fields = parse("install:\n  path: /x\n  zzz: 1\n");
    fields.map("install").requireString("path");
    fields.finish();
    assertEquals("a.yaml:3:3", only().position().orElseThrow().toString());
    assertEquals(List.of("Known fields: path."), only().detail());
  }

  @Test
  void finish_unknownFieldInListOfMappings_isFound() {
    YamlFields fields = parse("list: [{a: x, b: 1}]");
    fields.maps("list").getFirst().findString("a");
    fields.finish();
    assertEquals("DV012", only().code());
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "no", "on", "off", "\"true\"", "1", "[]"})
  void bool_somethingElse_isRefused(String text) {
    assertTrue(parse("a: " + text).bool("a", true));
    assertEquals(text.equals("[]") ? "DV011" : "DV014", only().code());
    assertEquals(
        List.of("yes", "no", "on", "off").contains(text),
        only().detail().toString().contains("YAML 1.2"));
  }

  @Test
  void bool_trueAndFalse_areRead() {
    assertFalse(parse("a: false").bool("a", true));
    assertTrue(parse("a: true").bool("a", false));
    assertEquals(0, findings.count());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"010", "1_000", "0x10", "1.0", "\"1\"", "1e3", "99999999999999999999", "x"})
  void integer_somethingElse_isRefused(String text) {
    assertEquals(7, parse("a: " + text).integer("a", 7, 0, 5_000));
    assertEquals("DV014", only().code());
  }

  @Test
  void integer_outOfRange_isRefused() {
    assertEquals(7, parse("a: 70000").integer("a", 7, 1, 65_535));
    assertEquals("DV016", only().code());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"true", "12", "0600", "0x5FbDB2315678afecb367f032d93F642f64180aa3", "1.5", ".inf"})
  void requireString_unquotedNumberOrBoolean_asksForQuotes(String text) {
    parse("a: " + text).requireString("a");
    assertEquals("DV014", only().code());
    assertTrue(only().detail().getFirst().contains("\"" + text + "\""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"no", "\"12\"", "'true'", "1.2.3", "age1abc", "2026-01-01", "7d"})
  void requireString_text_isRead(String text) {
    assertEquals(text.replaceAll("[\"']", ""), parse("a: " + text).requireString("a"));
    assertEquals(0, findings.count());
  }

  @ParameterizedTest
  @CsvSource({"30s,30", "5m,300", "12h,43200", "7d,604800", "4w,2419200", "1h30m,5400", "0s,0"})
  void duration_itsForms_areRead(String text, long seconds) {
    assertEquals(Duration.ofSeconds(seconds), parse("a: " + text).requireDuration("a"));
    assertEquals(0, findings.count());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"30", "5 m", "-5m", "30m1h", "1.5h", "PT5M", "5M", "\"\"", "1h1h", "99999999999d"})
  void duration_somethingElse_isRefused(String text) {
    assertEquals(Duration.ZERO, parse("a: " + text).requireDuration("a"));
    assertEquals("DV014", only().code());
  }

  @Test
  void requireString_absent_pointsAtTheMapping() {
    assertEquals("", parse("b:\n  c: x").map("b").requireString("a"));
    assertEquals("DV013", findings.sorted().getFirst().code());
    assertEquals(
        "a.yaml:2:3", findings.sorted().getFirst().position().orElseThrow().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a:", "a: ~", "a: null"})
  void value_null_isNotAbsentButAFinding(String yaml) {
    assertEquals(Optional.empty(), parse(yaml).findString("a"));
    assertEquals("DV017", only().code());
  }

  @Test
  void choice_misspelt_saysWhatWasMeant() {
    assertEquals("user", parse("type: hots").choice("type", "user", List.of("user", "host")));
    assertEquals("did you mean \"host\"?", only().hint());
  }

  @Test
  void strings_singleValue_isRefused() {
    assertEquals(List.of(), parse("a: b").strings("a"));
    assertEquals("DV011", only().code());
  }

  @Test
  void stringMap_inFileOrder_keepsKeys() {
    Map<String, String> map = parse("m: {z: a, b: c}").stringMap("m");
    assertEquals(List.of("z", "b"), List.copyOf(map.keySet()));
  }

  @Test
  @Tag("T27")
  void errorWithoutSource_atASecret_showsNoLine() {
    parse("password: hunter2").errorWithoutSource("password", "DV120", "plaintext secret");
    assertEquals(Optional.empty(), only().snippet());
    assertEquals("a.yaml:1:11", only().position().orElseThrow().toString());
  }

  @Test
  void durationFormat_twoLargestUnits_isForPeople() {
    assertEquals("1d 22h", Durations.format(Duration.ofSeconds(86_400 + 22 * 3_600 + 59)));
    assertEquals("4m 12s", Durations.format(Duration.ofSeconds(252)));
    assertEquals("1d", Durations.format(Duration.ofSeconds(86_405)));
    assertEquals("1d2h30m", Durations.exact(Duration.ofMinutes(26 * 60 + 30)));
  }
}

package io.dvault.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("S6")
class WavesTest {
  private static List<Integer> sizes(String waves, int devices) {
    List<Integer> all = IntStream.range(0, devices).boxed().toList();
    List<List<Integer>> cut = Waves.parse(waves).cut(all);
    assertEquals(all, cut.stream().flatMap(List::stream).toList(), "each device once, in order");
    return cut.stream().map(List::size).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,10%,100% | 1000 | 1 99 900",
        "1,10%,100% | 10   | 1 9",
        "1,10%,100% | 11   | 1 1 9",
        "1,10%,100% | 1    | 1",
        "5,100%     | 3    | 3",
        "50%,100%   | 3    | 2 1",
        "100%       | 7    | 7",
        "1, 50% ,100% | 4  | 1 1 2"
      })
  void cut_countsFromTheStart_sharesRoundedUp(String waves, int devices, String expected) {
    assertEquals(
        expected,
        String.join(" ", sizes(waves, devices).stream().map(String::valueOf).toList()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "1,10%",
        "0,100%",
        "-1,100%",
        "101%",
        "1,,100%",
        "1;100%",
        "99999999,100%",
        "100%,1"
      })
  void parse_whatIsNoCut_isRefusedInWords(String waves) {
    String words =
        assertThrows(IllegalArgumentException.class, () -> Waves.parse(waves)).getMessage();
    assertTrue(words.endsWith("."), words);
  }

  @Test
  void limit_numberAndShare_areOverWhenPassed() {
    assertTrue(FailureLimit.NONE.isOver(1, 100));
    assertFalse(FailureLimit.NONE.isOver(0, 100));
    FailureLimit two = FailureLimit.parse("2");
    assertFalse(two.isOver(2, 3));
    assertTrue(two.isOver(3, 300));
    FailureLimit tenth = FailureLimit.parse("10%");
    assertFalse(tenth.isOver(1, 10));
    assertTrue(tenth.isOver(2, 19));
    assertTrue(tenth.isOver(1, 9));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "many", "-1", "101%", "%", "1.5"})
  void limit_whatIsNone_isRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> FailureLimit.parse(text));
  }
}

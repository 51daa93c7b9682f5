package io.dvault.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.graph.FleetGraph.Edge;
import io.dvault.graph.FleetGraph.Node;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

@Tag("A9")
class GraphTest {
  /** With every sign that one of the forms has to escape. */
  private static FleetGraph odd() {
    List<Node> devices = new ArrayList<>();
    List<Edge> edges = new ArrayList<>(List.of(new Edge("a0", "s0")));
    for (int i = 0; i < 30; i++) {
      devices.add(new Node("d" + i, "drone-" + i, i % 2 == 0 ? "" : "a=\"b\\c\" <&> #;"));
      edges.add(new Edge("s" + i % 2, "d" + i));
    }
    return new FleetGraph(
        List.of(new Node("a0", "fleet \"ssh\"", "ssh, generation 1")),
        List.of(new Node("s0", "SshKey/a", ""), new Node("s1", "Token/<b>", "x")),
        devices,
        edges);
  }

  @Test
  void svg_isWellFormed_withABoxForEachNode_andNoneOverlap() throws Exception {
    Document svg = DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(Svg.write(odd()).getBytes(StandardCharsets.UTF_8)));
    NodeList groups = svg.getElementsByTagName("g");
    assertEquals(33, groups.getLength());
    assertEquals(31, svg.getElementsByTagName("path").getLength());
    double width = Double.parseDouble(svg.getDocumentElement().getAttribute("width"));
    double height = Double.parseDouble(svg.getDocumentElement().getAttribute("height"));
    List<double[]> boxes = new ArrayList<>();
    for (int i = 0; i < groups.getLength(); i++) {
      Element box =
          (Element) ((Element) groups.item(i)).getElementsByTagName("rect").item(0);
      double[] here = {
        number(box, "x"), number(box, "y"), number(box, "width"), number(box, "height")
      };
      assertTrue(here[0] >= 0
          && here[1] >= 0
          && here[0] + here[2] <= width
          && here[1] + here[3] <= height);
      boxes.forEach(other -> assertFalse(overlap(here, other)));
      boxes.add(here);
    }
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  private static boolean overlap(double[] a, double[] b) {
    return a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3];
  }

  /** Every line of a flowchart is one of a few forms; labels hold no sign that ends them. */
  @Test
  void mermaid_everyLine_hasAFormOfTheSyntax() {
    Pattern line = Pattern.compile(
        "flowchart LR|  subgraph [a-z]+|  end|    [asd][0-9]+\\[\"[^\"<>]*(<br/>[^\"<>]*)?\"]"
            + "|  [asd][0-9]+ --> [asd][0-9]+");
    Mermaid.write(odd()).lines().forEach(each -> assertTrue(line.matcher(each).matches(), each));
  }

  @Test
  @Tag("peer:dot")
  void dot_graphvizTakesIt() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("dot", "-Tplain").redirectErrorStream(true).start();
    try (var in = process.getOutputStream()) {
      in.write(Dot.write(odd()).getBytes(StandardCharsets.UTF_8));
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), output);
    assertEquals(33, output.lines().filter(each -> each.startsWith("node ")).count());
    assertEquals(31, output.lines().filter(each -> each.startsWith("edge ")).count());
  }
}

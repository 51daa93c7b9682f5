package io.dvault.graph;

import io.dvault.graph.FleetGraph.Edge;
import io.dvault.graph.FleetGraph.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The graph drawn: three columns, no program or font needed. Source: W3C SVG 1.1. */
public final class Svg {
  private static final int LETTER = 8; // about the width of one at 13 px
  private static final int PADDING = 12;
  private static final int BOX = 44;
  private static final int GAP = 14;
  private static final int BETWEEN = 120;
  private static final int TOP = 40;
  private static final int MARGIN = 20;

  private final StringBuilder out = new StringBuilder();
  private final Map<String, Box> boxes = new HashMap<>();

  /** In pixels. */
  private record Box(int x, int y, int width) {
    int middle() {
      return y + BOX / 2;
    }
  }

  private Svg() {}

  public static String write(FleetGraph graph) {
    return new Svg().draw(graph);
  }

  private String draw(FleetGraph graph) {
    int rows = Math.max(
        graph.authorities().size(),
        Math.max(graph.secrets().size(), graph.devices().size()));
    int height = TOP + rows * (BOX + GAP) + MARGIN;
    int x = MARGIN;
    x = column("authorities", graph.authorities(), x, height);
    x = column("secrets", graph.secrets(), x, height);
    x = column("devices", graph.devices(), x, height);
    StringBuilder edges = new StringBuilder();
    graph.edges().forEach(edge -> edges.append(curve(edge)));
    int width = Math.max(x - BETWEEN, 0) + MARGIN;
    return """
        <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d"\
         font-family="sans-serif" font-size="13">
        <rect width="100%%" height="100%%" fill="#ffffff"/>
        %s%s</svg>
        """.formatted(width, height, width, height, edges, out);
  }

  /** Draws the boxes of one column, in the middle of the height; where the next one starts. */
  private int column(String title, List<Node> nodes, int x, int height) {
    if (nodes.isEmpty()) {
      return x;
    }
    int letters = nodes.stream()
        .mapToInt(node -> Math.max(node.label().length(), node.detail().length()))
        .max()
        .orElse(0);
    int width = Math.max(letters, title.length()) * LETTER + 2 * PADDING;
    int y = TOP + (height - TOP - MARGIN - nodes.size() * (BOX + GAP)) / 2;
    out.append(
        "<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s</text>\n".formatted(x, TOP - 16, title));
    for (Node node : nodes) {
      box(node, new Box(x, y, width));
      y += BOX + GAP;
    }
    return x + width + BETWEEN;
  }

  private void box(Node node, Box box) {
    boxes.put(node.id(), box);
    int first = node.detail().isEmpty() ? box.middle() + 5 : box.middle() - 4;
    out.append(("<g><title>%s</title><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\" "
            + "fill=\"#f6f8fa\" stroke=\"#57606a\"/>")
        .formatted(escaped(node.label()), box.x(), box.y(), box.width(), BOX));
    out.append("<text x=\"%d\" y=\"%d\">%s</text>"
        .formatted(box.x() + PADDING, first, escaped(node.label())));
    if (!node.detail().isEmpty()) {
      out.append("<text x=\"%d\" y=\"%d\" fill=\"#57606a\" font-size=\"11\">%s</text>"
          .formatted(box.x() + PADDING, first + 17, escaped(node.detail())));
    }
    out.append("</g>\n");
  }

  private String curve(Edge edge) {
    Box from = boxes.get(edge.from());
    Box to = boxes.get(edge.to());
    int start = from.x() + from.width();
    int bend = (start + to.x()) / 2;
    return "<path d=\"M%d %d C%d %d %d %d %d %d\" fill=\"none\" stroke=\"#8c959f\"/>\n"
        .formatted(
            start, from.middle(), bend, from.middle(), bend, to.middle(), to.x(), to.middle());
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}

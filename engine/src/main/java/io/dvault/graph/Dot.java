package io.dvault.graph;

import io.dvault.graph.FleetGraph.Edge;
import io.dvault.graph.FleetGraph.Node;
import java.util.List;

/** Graphviz's DOT. Source: graphviz.org/doc/info/lang.html. */
public final class Dot {
  private Dot() {}

  public static String write(FleetGraph graph) {
    StringBuilder out = new StringBuilder(
        "digraph vault {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n");
    cluster(out, "authorities", graph.authorities());
    cluster(out, "secrets", graph.secrets());
    cluster(out, "devices", graph.devices());
    for (Edge edge : graph.edges()) {
      out.append("  ").append(edge.from()).append(" -> ").append(edge.to()).append(";\n");
    }
    return out.append("}\n").toString();
  }

  private static void cluster(StringBuilder out, String name, List<Node> nodes) {
    if (nodes.isEmpty()) {
      return;
    }
    out.append("  subgraph cluster_")
        .append(name)
        .append(" {\n    label=\"")
        .append(name)
        .append("\";\n");
    for (Node node : nodes) {
      String detail = node.detail().isEmpty() ? "" : "\\n" + escaped(node.detail());
      out.append("    ")
          .append(node.id())
          .append(" [label=\"")
          .append(escaped(node.label()))
          .append(detail)
          .append("\"];\n");
    }
    out.append("  }\n");
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}

package io.dvault.graph;

import io.dvault.graph.FleetGraph.Edge;
import io.dvault.graph.FleetGraph.Node;
import java.util.List;

/** A Mermaid flowchart, as GitHub and GitLab show it in Markdown. Source: mermaid.js.org/syntax/flowchart.html. */
public final class Mermaid {
  private Mermaid() {}

  public static String write(FleetGraph graph) {
    StringBuilder out = new StringBuilder("flowchart LR\n");
    group(out, "authorities", graph.authorities());
    group(out, "secrets", graph.secrets());
    group(out, "devices", graph.devices());
    for (Edge edge : graph.edges()) {
      out.append("  ").append(edge.from()).append(" --> ").append(edge.to()).append('\n');
    }
    return out.toString();
  }

  private static void group(StringBuilder out, String name, List<Node> nodes) {
    if (nodes.isEmpty()) {
      return;
    }
    out.append("  subgraph ").append(name).append('\n');
    for (Node node : nodes) {
      String detail = node.detail().isEmpty() ? "" : "<br/>" + escaped(node.detail());
      out.append("    ")
          .append(node.id())
          .append("[\"")
          .append(escaped(node.label()))
          .append(detail)
          .append("\"]\n");
    }
    out.append("  end\n");
  }

  private static String escaped(String text) {
    return text.replace("#", "#35;")
        .replace("\"", "#quot;")
        .replace("<", "#lt;")
        .replace(">", "#gt;");
  }
}

package io.dvault.cli.view;

import io.dvault.model.Diagnostic;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Diagnostics for machines: the same facts as on the screen. */
public final class DiagnosticJson {
  public static final JsonMapper MAPPER = JsonMapper.builder().build();

  private DiagnosticJson() {}

  public static ObjectNode write(Diagnostic diagnostic) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("severity", diagnostic.severity().name().toLowerCase(Locale.ROOT));
    node.put("code", diagnostic.code());
    node.put("summary", diagnostic.summary());
    ArrayNode detail = node.putArray("detail");
    diagnostic.detail().forEach(detail::add);
    if (!diagnostic.subject().isEmpty()) {
      node.put("subject", diagnostic.subject());
    }
    if (!diagnostic.hint().isEmpty()) {
      node.put("hint", diagnostic.hint());
    }
    diagnostic.position().ifPresent(position -> {
      node.put("file", position.file());
      node.put("line", position.line());
      node.put("column", position.column());
    });
    return node;
  }
}

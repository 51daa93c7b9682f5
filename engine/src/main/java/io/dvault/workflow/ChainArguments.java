package io.dvault.workflow;

import io.dvault.gateway.GatewayUrl;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.LedgerException;
import io.dvault.ledger.evm.EndpointSettings;
import io.dvault.ledger.evm.EvmKeys;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.util.List;

/** URLs and addresses given as options: what cannot be is refused by the option's name before anything is asked. */
public final class ChainArguments {
  private ChainArguments() {}

  /** The text is not repeated: providers put API keys into it (docs/threat-model.md T27). */
  public static EndpointSettings endpoints(List<String> rpc) {
    try {
      return EndpointSettings.parse(rpc, 1);
    } catch (LedgerException e) {
      throw new DiagnosticException(
          Diagnostic.error("DV904", "invalid --rpc", e.getMessage(), "Nothing was changed."));
    }
  }

  public static EvmAddress address(String option, String text) {
    try {
      return EvmKeys.parseChecksummed(text);
    } catch (IllegalArgumentException e) {
      throw new DiagnosticException(Diagnostic.error(
          "DV904", option + " cannot be \"" + text + "\"", "Use 0x and 40 hex digits."));
    } catch (DiagnosticException e) {
      Diagnostic found = e.diagnostics().getFirst();
      throw new DiagnosticException(Diagnostic.error(
          found.code(), option + ": " + found.summary(), found.detail().toArray(String[]::new)));
    }
  }

  public static List<String> gateways(List<String> urls) {
    urls.forEach(GatewayUrl::parse);
    return List.copyOf(urls);
  }
}

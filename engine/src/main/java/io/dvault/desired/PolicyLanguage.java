package io.dvault.desired;

import io.dvault.yaml.Fields;
import io.dvault.yaml.Findings;
import java.util.List;

/** Checks what the kinds {@code TrustPolicy} and {@code PolicyTest} say, while their places are at hand. */
public interface PolicyLanguage {
  /** Takes them as they are: for states of long ago, which nobody mends any more. */
  PolicyLanguage UNCHECKED =
      (policies, tests, findings) -> tests.forEach(test -> test.spec().keys());

  /** @param spec whose fields are to be asked for, all of them: others are unknown */
  record Test(String name, Fields spec) {}

  /** Called when there is a policy or a test. */
  void check(List<PolicyDeclaration> policies, List<Test> tests, Findings findings);
}

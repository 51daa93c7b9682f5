package io.dvault.cli.view;

import io.dvault.workflow.AuthorityFiles;

/** The files of an authority's new key, as a person reads of them. */
public final class AuthorityFilesView {
  private AuthorityFilesView() {}

  public static void print(Terminal terminal, AuthorityFiles files) {
    String file = "authorities/" + files.comment();
    terminal.println("Authority " + files.name() + ", generation " + files.generation() + ":");
    terminal.println("");
    terminal.println(
        "  " + file + ".age   private key, sealed to " + String.join(", ", files.adminNames()));
    terminal.println("  " + file + ".pub   public key");
    if (files.declares()) {
      terminal.println("  authorities/" + files.name() + ".yaml"
          + " ".repeat(String.valueOf(files.generation()).length() + 1) + "  its declaration");
    }
    terminal.println("");
  }
}

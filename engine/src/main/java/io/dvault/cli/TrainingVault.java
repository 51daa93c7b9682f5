package io.dvault.cli;

import io.dvault.model.VaultId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.DeflaterOutputStream;

/** A vault in a git repository with one commit, which nothing is to be done for: what {@link Warmup} plans. */
final class TrainingVault {
  /** Whose key everybody knows: the first of anvil's. */
  static final String APPROVER = "f39fd6e51aad88f6f4ce6ab8827279cfffb92266";

  static final VaultId ID = VaultId.parse("0x" + "11".repeat(32));
  private static final String NAME = "vault.yaml";

  private TrainingVault() {}

  /**
   * Written without git, which need not be there: the objects of gitformat-loose(5), loose.
   *
   * @param more lines of its {@code spec}
   */
  static void write(Path folder, TrainingChain chain, URI gateway, String more) throws IOException {
    String text = """
        apiVersion: dvault.io/v1
        kind: Vault
        metadata: {name: warm-up}
        spec:
          id: "%s"
          chain: {id: %d, contract: "0x5FbDB2315678afecb367f032d93F642f64180aa3", rpc: ["http://127.0.0.1:%d"]}
          blocks: {publish: [{store: folder, path: .dvault/blocks}], gateways: ["%s"]}
          governance: {threshold: 1, approvers: [{name: a, address: "0x%s"}]}
          salt: "0x2222222222222222222222222222222222222222222222222222222222222222"
        """.formatted(ID, TrainingChain.ID, chain.port(), gateway, APPROVER);
    byte[] vault = (text + more).getBytes(StandardCharsets.UTF_8);
    Path git = Files.createDirectories(folder.resolve(".git"));
    Files.write(folder.resolve(NAME), vault);
    Files.createDirectories(git.resolve("refs/heads"));
    Files.writeString(git.resolve("HEAD"), "ref: refs/heads/main\n");
    Files.writeString(git.resolve("config"), "[core]\n\trepositoryformatversion = 0\n\tbare = false\n");
    ByteArrayOutputStream tree = new ByteArrayOutputStream();
    tree.writeBytes(ascii("100644 " + NAME + "\0"));
    tree.writeBytes(HexFormat.of().parseHex(object(git, "blob", vault)));
    String who = "warm-up <warm-up@dvault.example> 0 +0000";
    String commit = object(git, "commit", ascii("tree " + object(git, "tree", tree.toByteArray())
        + "\nauthor " + who + "\ncommitter " + who + "\n\nwarm-up\n"));
    Files.writeString(git.resolve("refs/heads/main"), commit + "\n");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String object(Path git, String type, byte[] content) throws IOException {
    byte[] header = ascii(type + " " + content.length + "\0");
    String id = HexFormat.of().formatHex(sha1(header, content));
    Path file = git.resolve("objects").resolve(id.substring(0, 2)).resolve(id.substring(2));
    Files.createDirectories(file.getParent());
    try (OutputStream out = new DeflaterOutputStream(Files.newOutputStream(file))) {
      out.write(header);
      out.write(content);
    }
    return id;
  }

  private static byte[] sha1(byte[]... parts) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      for (byte[] part : parts) {
        sha1.update(part);
      }
      return sha1.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}

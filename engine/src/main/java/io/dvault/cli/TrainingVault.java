package io.dvault.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.DeflaterOutputStream;

/** A vault in a git repository with one commit, which nothing is to be done for: what {@link Warmup} plans. */
final class TrainingVault {
  private static final String NAME = "vault.yaml";

  private TrainingVault() {}

  /** Written without git, which need not be there: the objects of gitformat-loose(5), loose. */
  static void write(Path folder, long chainId, int port) throws IOException {
    byte[] vault = """
        apiVersion: dvault.io/v1
        kind: Vault
        metadata: {name: warm-up}
        spec:
          id: "0x1111111111111111111111111111111111111111111111111111111111111111"
          chain: {id: %d, contract: "0x5FbDB2315678afecb367f032d93F642f64180aa3", rpc: ["http://127.0.0.1:%d"]}
          blocks: {publish: [{store: folder, path: .dvault/blocks}], gateways: ["http://127.0.0.1:1"]}
          governance: {threshold: 1, approvers: [{name: a, address: "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"}]}
          salt: "0x2222222222222222222222222222222222222222222222222222222222222222"
        """.formatted(chainId, port).getBytes(StandardCharsets.UTF_8);
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

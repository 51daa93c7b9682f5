package io.dvault.disk;

import java.nio.file.Path;

/**
 * Where an agent keeps what. Several agents live on one machine by a root folder each, as in a demo.
 *
 * @param root prefix of the state and config folders
 * @param device prefix of every path that a vault or agent.yaml names on the device
 */
public record Layout(Path root, Path device) {
  public Layout {
    root = root.toAbsolutePath().normalize();
    device = device.toAbsolutePath().normalize();
  }

  public static Layout of(Path root) {
    return new Layout(root, root);
  }

  public Path state() {
    return root.resolve("var/lib/dvault");
  }

  public Path config() {
    return root.resolve("etc/dvault/agent.yaml");
  }

  /** The JSON Schema of {@link #config}, for editors. */
  public Path configSchema() {
    return root.resolve("etc/dvault/agent.schema.json");
  }

  public Path identity() {
    return state().resolve("identity");
  }

  public Path signer() {
    return state().resolve("signer");
  }

  public Path deviceYaml() {
    return state().resolve("device.yaml");
  }

  public Path anchor() {
    return state().resolve("anchor.yaml");
  }

  public Path trust() {
    return state().resolve("trust");
  }

  public Path desired() {
    return state().resolve("desired");
  }

  public Path authorities() {
    return state().resolve("authorities");
  }

  public Path overlaps() {
    return state().resolve("overlaps");
  }

  public Path generations() {
    return state().resolve("generations");
  }

  public Path current() {
    return state().resolve("current");
  }

  public Path pending() {
    return state().resolve("pending");
  }

  public Path status() {
    return state().resolve("status");
  }

  public Path lock() {
    return state().resolve("lock");
  }

  /** Where an absolute path of the device is on this machine. */
  public Path onDevice(String absolute) {
    if (!absolute.startsWith("/")) {
      throw new IllegalArgumentException("not an absolute path: \"" + absolute + "\"");
    }
    return device.resolve(absolute.substring(1));
  }
}

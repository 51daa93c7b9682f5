package io.dvault.config;

import io.dvault.desired.DeviceDeclaration;
import io.dvault.git.SourceFile;
import io.dvault.model.SourcePosition;
import io.dvault.yaml.Findings;
import io.dvault.yaml.YamlDocument;
import io.dvault.yaml.YamlReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What one YAML file declares. Devices are nearly all that a fleet's files hold, so they are read here to their end and
 * their documents are let go; every other document needs the rest of the repository to be read.
 *
 * @param form what is wrong with the file as YAML
 * @param plaintext what looks like a secret
 * @param devices in the order of the file
 * @param others in the order of the file
 */
record DeclaredFile(
    Findings form, Findings plaintext, List<DeclaredDevice> devices, List<Envelope> others) {

  /**
   * A device and the places of what must be its own alone.
   *
   * @param whole whether its name is fit for use
   */
  record DeclaredDevice(
      DeviceDeclaration device,
      boolean whole,
      SourcePosition name,
      SourcePosition recipient,
      SourcePosition signer) {
    private static DeclaredDevice read(Envelope envelope) {
      DeviceDeclaration device = DeviceParser.parse(envelope);
      envelope.finish();
      return new DeclaredDevice(
          device,
          envelope.whole(),
          envelope.root().map("metadata").position("name"),
          envelope.spec().position("recipient"),
          envelope.spec().position("signer"));
    }

    String subject() {
      return "Device \"" + device.name() + "\"";
    }
  }

  /**
   * Several threads may read one file each.
   *
   * @param declared gets what is wrong with envelopes and devices
   */
  static DeclaredFile read(SourceFile file, Set<String> kinds, Findings declared) {
    DeclaredFile read =
        new DeclaredFile(new Findings(), new Findings(), new ArrayList<>(), new ArrayList<>());
    for (YamlDocument document : YamlReader.read(file.path(), file.content(), read.form)) {
      Plaintext.find(document, read.plaintext);
      Envelope.read(document, kinds, declared).ifPresent(read::add);
    }
    return read;
  }

  private void add(Envelope envelope) {
    if (envelope.kind().equals("Device")) {
      devices.add(DeclaredDevice.read(envelope));
    } else {
      others.add(envelope);
    }
  }
}

package io.dvault.config;

import io.dvault.git.SourceFile;
import io.dvault.model.DeviceId;
import io.dvault.model.VaultId;
import io.dvault.yaml.Findings;
import io.dvault.yaml.YamlDocument;
import io.dvault.yaml.YamlNode.Mapping;
import io.dvault.yaml.YamlNode.Scalar;
import io.dvault.yaml.YamlReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The devices of a repository in which there is nothing to find fault with. Nearly all of a fleet's YAML are devices, so
 * their trees and files are let go one by one; where anything at all is to be told, {@link ConfigReader} reads it whole.
 *
 * @param others the documents of other kinds, in the order of the files
 */
record DeviceFiles(List<Enrolled> devices, List<YamlDocument> others) {

  record Part(List<Enrolled> devices, List<YamlDocument> others, boolean sound) {}

  /**
   * Empty when there is any finding.
   *
   * @param plain what was read already
   */
  static Optional<DeviceFiles> read(List<SourceFile> files, PlainFiles plain, Set<String> kinds) {
    List<Part> parts = files.parallelStream().map(file -> read(file, plain, kinds)).toList();
    if (!parts.stream().allMatch(Part::sound)) {
      return Optional.empty();
    }
    List<Enrolled> devices = parts.stream().flatMap(part -> part.devices().stream()).toList();
    return isUnique(devices)
        ? Optional.of(new DeviceFiles(devices, parts.stream().flatMap(part -> part.others().stream()).toList()))
        : Optional.empty();
  }

  private static Part read(SourceFile file, PlainFiles plain, Set<String> kinds) {
    return plain.take(file)
        .map(devices -> new Part(devices, List.of(), true)) // whose recipients stand in the file
        .orElseGet(() -> readGenerally(file, kinds));
  }

  static Part readGenerally(SourceFile file, Set<String> kinds) {
    Findings findings = new Findings();
    List<Enrolled> devices = new ArrayList<>();
    List<YamlDocument> others = new ArrayList<>();
    for (YamlDocument document : YamlReader.read(file.path(), file.content(), findings)) {
      Plaintext.find(document, findings);
      Optional<Envelope> device =
          isDevice(document) ? Envelope.read(document, kinds, findings) : Optional.empty();
      if (device.isPresent()) {
        devices.add(DeviceParser.read(device.get()));
        device.get().finish();
      } else {
        others.add(document);
      }
    }
    if (others.isEmpty()) {
      file.release();
    }
    return new Part(devices, others, findings.count() == 0);
  }

  private static boolean isDevice(YamlDocument document) {
    return document.root() instanceof Mapping mapping
        && mapping.fields().containsKey("kind")
        && mapping.fields().get("kind").value() instanceof Scalar kind
        && kind.text().equals("Device");
  }

  private static boolean isUnique(List<Enrolled> devices) {
    Set<String> names = HashSet.newHashSet(devices.size());
    Set<DeviceId> ids = HashSet.newHashSet(devices.size());
    Set<String> signers = HashSet.newHashSet(devices.size());
    for (Enrolled each : devices) {
      if (!names.add(each.name()) || !ids.add(each.id()) || !signers.add(each.signer())) {
        return false;
      }
    }
    return true;
  }

  /** As declarations when every enrolment holds, or its check waits; empty when one does not. */
  Optional<List<DeviceDeclaration>> checked(VaultId vault, EnrolmentCache cache) {
    boolean hold = devices.parallelStream().allMatch(each -> holds(new UncheckedEnrolment(vault, each), cache));
    return hold ? Optional.of(devices.stream().map(Enrolled::declaration).toList()) : Optional.empty();
  }

  private static boolean holds(UncheckedEnrolment enrolment, EnrolmentCache cache) {
    if (cache.defers(enrolment) || !cache.isEmpty() && cache.holds(enrolment.digest())) {
      return true;
    }
    boolean holds = enrolment.holds();
    if (holds) {
      cache.add(enrolment.digest());
    }
    return holds;
  }
}

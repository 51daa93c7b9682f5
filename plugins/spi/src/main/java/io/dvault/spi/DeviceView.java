package io.dvault.spi;

import io.dvault.model.DeviceId;
import java.util.Map;

/** A declared device. */
public record DeviceView(String name, DeviceId id, Map<String, String> labels) {
  public DeviceView {
    labels = Map.copyOf(labels);
  }
}

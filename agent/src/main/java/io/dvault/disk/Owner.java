package io.dvault.disk;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Optional;
import java.util.regex.Pattern;

/** A file's owner, and group when one is named, as this machine knows them. */
public record Owner(UserPrincipal user, Optional<GroupPrincipal> group) {
  private static final Pattern FORM =
      Pattern.compile("[a-z_][a-z0-9_-]{0,31}(:[a-z_][a-z0-9_-]{0,31})?");

  /** Looks up {@code user} or {@code user:group}; throws {@link RefusedException} when this machine knows them not. */
  public static Owner lookUp(String text) throws RefusedException {
    if (!FORM.matcher(text).matches()) {
      throw new RefusedException("DV543", "not an owner: \"" + text + "\"");
    }
    UserPrincipalLookupService names = FileSystems.getDefault().getUserPrincipalLookupService();
    String[] parts = text.split(":", 2);
    try {
      UserPrincipal user = names.lookupPrincipalByName(parts[0]);
      Optional<GroupPrincipal> group = parts.length == 2
          ? Optional.of(names.lookupPrincipalByGroupName(parts[1]))
          : Optional.empty();
      return new Owner(user, group);
    } catch (UserPrincipalNotFoundException e) {
      throw new RefusedException(
          "DV543", "this device has no user or group \"" + e.getName() + "\"");
    } catch (IOException e) {
      throw new RefusedException(
          "DV543", "cannot look up owner \"" + text + "\": " + e.getMessage());
    }
  }

  void give(Path file) throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (!view.getOwner().equals(user)) {
      view.setOwner(user);
    }
    if (group.isPresent()) {
      view.setGroup(group.get());
    }
  }
}

package io.dvault.install;

import io.dvault.disk.Owner;
import io.dvault.disk.RefusedException;
import io.dvault.spi.Installation;
import io.dvault.spi.Installation.AuthorizedKey;
import io.dvault.spi.Installation.PlacedFile;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a device allows a vault to do to it, whatever is approved (docs/requirements.md G11,
 * docs/threat-model.md T35): out of its own {@code agent.yaml}.
 *
 * @param folders absolute paths as the vault names them; files go strictly below them
 * @param actions by name
 * @param accounts account name to the path of its authorized_keys, as the device names it
 */
public record DeviceAllowlist(
    List<String> folders, Map<String, Action> actions, Map<String, String> accounts) {
  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._+@-]+)+");
  private static final Pattern DOTS = Pattern.compile("(^|/)\\.\\.?(/|$)");
  private static final int MAX_PATH = 1024;
  private static final int MAX_FILES = 64;
  private static final int MAX_KEYS = 1024;

  // docs/threat-model.md T26: nothing in a line of authorized_keys may end a word, a quote or the
  // line.
  private static final Pattern KEY = Pattern.compile(
      "(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh\\.com"
          + "|sk-ecdsa-sha2-nistp256@openssh\\.com) [A-Za-z0-9+/]{32,4096}={0,2}");
  private static final Pattern COMMENT = Pattern.compile("[A-Za-z0-9._@/:+ -]{0,200}");
  private static final Pattern OPTION =
      Pattern.compile("restrict|(no-)?(pty|port-forwarding|agent-forwarding|X11-forwarding|user-rc)"
          + "|from=\"[0-9a-fA-F:./,]{1,1024}\"|command=\"[A-Za-z0-9 /._=:@+-]{1,1024}\"");
  private static final Pattern OPTIONS_SPLIT = Pattern.compile(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)");

  public DeviceAllowlist {
    folders = List.copyOf(folders);
    actions = Map.copyOf(actions);
    accounts = Map.copyOf(accounts);
  }

  /** Whether {@code path} is absolute, in normal form and of plain letters. */
  public static boolean isPlainPath(String path) {
    return path.length() <= MAX_PATH
        && PATH.matcher(path).matches()
        && !DOTS.matcher(path).find();
  }

  /** Throws with the first thing that the device does not allow. */
  public void require(Installation installation) throws RefusedException {
    if (installation.files().size() > MAX_FILES
        || installation.authorizedKeys().size() > MAX_KEYS) {
      throw new RefusedException(
          "DV540", "more than " + MAX_FILES + " files or " + MAX_KEYS + " keys in one entry");
    }
    Set<String> paths = new HashSet<>();
    for (PlacedFile file : installation.files()) {
      require(file);
      if (!paths.add(file.path())) {
        throw new RefusedException("DV544", "places " + file.path() + " twice");
      }
    }
    for (AuthorizedKey key : installation.authorizedKeys()) {
      require(key);
    }
    Optional<String> action = installation.action();
    if (action.isPresent() && !actions.containsKey(action.get())) {
      throw new RefusedException("DV541", "agent.yaml has no action \"" + action.get() + "\"");
    }
  }

  private void require(PlacedFile file) throws RefusedException {
    if (!isPlainPath(file.path())) {
      throw new RefusedException("DV540", "not a plain absolute path: \"" + file.path() + "\"");
    }
    folderOf(file.path());
    if ((file.mode() & ~0777) != 0 || (file.mode() & 0002) != 0 || (file.mode() & 0400) == 0) {
      throw new RefusedException(
          "DV543",
          file.path() + ": mode " + Integer.toOctalString(file.mode())
              + " is not taken (no set-id bits, not writable by everyone, readable by its owner)");
    }
    if (file.owner().isPresent()) {
      Owner.lookUp(file.owner().get());
    }
  }

  /** The listed folder that {@code path} is strictly below. */
  String folderOf(String path) throws RefusedException {
    return folders.stream()
        .filter(folder -> path.startsWith(folder + "/"))
        .findFirst()
        .orElseThrow(() -> new RefusedException("DV540", path + " is in no folder of agent.yaml"));
  }

  private void require(AuthorizedKey key) throws RefusedException {
    if (!accounts.containsKey(key.account())) {
      throw new RefusedException("DV542", "agent.yaml has no account \"" + key.account() + "\"");
    }
    if (!KEY.matcher(key.key()).matches() || !COMMENT.matcher(key.comment()).matches()) {
      throw new RefusedException(
          "DV542", "a key for account " + key.account() + " is not of the strict form");
    }
    if (!key.options().isEmpty()) {
      for (String option : OPTIONS_SPLIT.split(key.options(), -1)) {
        if (!OPTION.matcher(option).matches()) {
          throw new RefusedException("DV542", "key option not taken: \"" + option + "\"");
        }
      }
    }
  }
}

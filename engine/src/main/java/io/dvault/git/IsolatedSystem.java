package io.dvault.git;

import java.util.Locale;
import java.util.TimeZone;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;

/**
 * What JGit sees of the machine: nothing. No configuration of user or system changes what a vault's files are, and none
 * is looked for, which would start a native git. docs/threat-model.md T28.
 */
@SuppressWarnings("deprecation") // JGit still calls what it tells others not to
final class IsolatedSystem extends SystemReader {
  private final SystemReader real = SystemReader.getInstance();

  private IsolatedSystem() {}

  static synchronized void install() {
    if (!(SystemReader.getInstance() instanceof IsolatedSystem)) {
      SystemReader.setInstance(new IsolatedSystem());
    }
  }

  /** A configuration without a file. */
  private static final class Nothing extends FileBasedConfig {
    Nothing(Config parent) {
      super(parent, null, FS.DETECTED);
    }

    /** Spares JGit from measuring the file system in the background: nothing here depends on an index. */
    @Override
    public long getTimeUnit(
        String section, String subsection, String name, long defaultValue, TimeUnit wanted) {
      return section.equals(ConfigConstants.CONFIG_FILESYSTEM_SECTION)
          ? wanted.convert(1, TimeUnit.SECONDS)
          : super.getTimeUnit(section, subsection, name, defaultValue, wanted);
    }

    @Override
    public void load() {} // there is no file

    @Override
    public void save() {} // there is no file

    @Override
    public boolean isOutdated() {
      return false;
    }
  }

  @Override
  public String getHostname() {
    return "localhost";
  }

  @Override
  public String getenv(String variable) {
    return variable.startsWith("GIT_") || variable.startsWith("XDG_")
        ? null
        : real.getenv(variable);
  }

  @Override
  public String getProperty(String key) {
    return real.getProperty(key);
  }

  @Override
  public FileBasedConfig openUserConfig(Config parent, FS fs) {
    return new Nothing(parent);
  }

  @Override
  public FileBasedConfig openSystemConfig(Config parent, FS fs) {
    return new Nothing(parent);
  }

  @Override
  public FileBasedConfig openJGitConfig(Config parent, FS fs) {
    return new Nothing(parent);
  }

  @Override
  public StoredConfig getUserConfig() {
    return new Nothing(null);
  }

  @Override
  public StoredConfig getJGitConfig() {
    return new Nothing(null);
  }

  @Override
  public StoredConfig getSystemConfig() {
    return new Nothing(null);
  }

  @Override
  public long getCurrentTime() {
    return real.getCurrentTime();
  }

  @Override
  public int getTimezone(long when) {
    return 0;
  }

  @Override
  public TimeZone getTimeZone() {
    return TimeZone.getTimeZone("UTC");
  }

  @Override
  public Locale getLocale() {
    return Locale.ROOT;
  }
}

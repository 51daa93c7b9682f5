package io.dvault.spi;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What went wrong with a file, for a person: the JDK says most of it by the name of the exception alone. */
public final class FileFailure {
  private FileFailure() {}

  /** A sentence without its full stop: {@code /proc/x: there is no such file or folder}. */
  public static String words(IOException failure) {
    return switch (failure) {
      case AccessDeniedException e -> e.getFile() + ": permission denied";
      case NoSuchFileException e ->
        e.getFile() + ": there is no such file or folder, and it cannot be made";
      case FileAlreadyExistsException e -> e.getFile() + ": something else is there already";
      case DirectoryNotEmptyException e -> e.getFile() + ": the folder is not empty";
      case NotDirectoryException e -> e.getFile() + ": it is no folder";
      case FileSystemException e when e.getReason() != null -> e.getFile() + ": " + e.getReason();
      default -> failure.getMessage() == null ? "the system says no more" : failure.getMessage();
    };
  }
}

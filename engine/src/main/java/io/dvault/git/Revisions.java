package io.dvault.git;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.io.IOException;
import java.util.stream.Collectors;
import org.eclipse.jgit.errors.AmbiguousObjectException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;

/** From what a user calls a commit to its id. gitrevisions(7). */
final class Revisions {
  private static final int SHOWN = 5;

  private Revisions() {}

  /** The commit that {@code revision} names, through tags; DV050 when there is none, or more than one. */
  static ObjectId resolve(Repository repository, String revision) {
    try (RevWalk walk = new RevWalk(repository)) {
      ObjectId id = revision.isBlank() ? null : repository.resolve(revision);
      if (id == null) {
        throw unknown(
            revision, "This clone has no branch, tag or commit of that name.", "Run git fetch.");
      }
      return walk.parseCommit(id).copy();
    } catch (AmbiguousObjectException e) {
      String some = e.getCandidates().stream()
          .limit(SHOWN)
          .map(each -> each.abbreviate(12).name())
          .sorted()
          .collect(Collectors.joining(", "));
      throw unknown(revision, "Several objects start so: " + some + ".", "Use more digits.");
    } catch (IncorrectObjectTypeException e) {
      throw unknown(
          revision,
          "It names a tree or a file, not a commit.",
          "Name a branch, a tag or a commit.");
    } catch (MissingObjectException e) {
      throw unknown(
          revision,
          "Object " + e.getObjectId().name() + " is not in this clone.",
          "Run git fetch.");
    } catch (IllegalArgumentException e) {
      throw unknown(
          revision,
          "It cannot be read as git's name of a commit.",
          "Like main, v1.2, 8d3f0c1 or HEAD~2.");
    } catch (IOException e) {
      throw CommitReader.unreadable(revision, e);
    }
  }

  private static DiagnosticException unknown(String revision, String why, String wayOut) {
    return new DiagnosticException(
        Diagnostic.error("DV050", "there is no commit \"" + revision + "\"", why, wayOut));
  }
}

/**
 * A vault's files: from the work tree, or straight from git objects at a commit. The one home of JGit. Must not know
 * what the files mean.
 */
package io.dvault.git;

/** Work on long lists by all cores at once. Knows nothing of what the work is. */
package io.dvault.cores;

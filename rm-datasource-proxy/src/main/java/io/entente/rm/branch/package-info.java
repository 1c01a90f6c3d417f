/** Branches as the coordinator sees them: registered before the local commit, committed or rolled back in phase two. */
@NullMarked
package io.entente.rm.branch;

import org.jspecify.annotations.NullMarked;

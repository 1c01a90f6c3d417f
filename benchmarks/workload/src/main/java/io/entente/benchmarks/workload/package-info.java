/** What every contestant of a benchmark runs, whatever makes a global transaction of it. Nothing but JDBC. */
@NullMarked
package io.entente.benchmarks.workload;

import org.jspecify.annotations.NullMarked;

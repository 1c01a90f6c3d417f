/** Coordinators, services and databases in processes of their own, with a bank between them and faults of every kind. */
@NullMarked
package io.entente.crash.processes;

import org.jspecify.annotations.NullMarked;

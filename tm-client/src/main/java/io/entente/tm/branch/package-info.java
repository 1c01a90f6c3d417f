/** The part of a resource manager that is the same for every mode: branches, and the line they are registered over. */
@NullMarked
package io.entente.tm.branch;

import org.jspecify.annotations.NullMarked;

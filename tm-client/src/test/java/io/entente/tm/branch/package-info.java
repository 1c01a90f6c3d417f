@NullMarked
package io.entente.tm.branch;

import org.jspecify.annotations.NullMarked;

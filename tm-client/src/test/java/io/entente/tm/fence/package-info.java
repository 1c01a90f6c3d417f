@NullMarked
package io.entente.tm.fence;

import org.jspecify.annotations.NullMarked;

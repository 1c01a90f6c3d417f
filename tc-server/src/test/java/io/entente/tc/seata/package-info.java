/** Seata's own client against this coordinator. */
@NullMarked
package io.entente.tc.seata;

import org.jspecify.annotations.NullMarked;

/** Tests of the log; every engine inherits {@link io.entente.tc.log.TransactionLogContract}. */
@NullMarked
package io.entente.tc.log;

import org.jspecify.annotations.NullMarked;

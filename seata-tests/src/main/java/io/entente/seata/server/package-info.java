/** Seata's server beside our clients. */
@NullMarked
package io.entente.seata.server;

import org.jspecify.annotations.NullMarked;

/** The Seata v1 wire protocol: messages as records, their codec, and the Netty transport of both sides. */
@NullMarked
package io.entente.protocol;

import org.jspecify.annotations.NullMarked;

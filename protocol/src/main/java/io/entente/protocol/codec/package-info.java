/** Bytes to messages and back: the v1 frame and the {@code seata} body codec. */
@NullMarked
package io.entente.protocol.codec;

import org.jspecify.annotations.NullMarked;

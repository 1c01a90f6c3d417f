/** Connections between clients and a coordinator, over Netty. */
@NullMarked
package io.entente.protocol.transport;

import org.jspecify.annotations.NullMarked;

/** TLS and tokens: how the two sides of a connection know each other. */
@NullMarked
package io.entente.protocol.security;

import org.jspecify.annotations.NullMarked;

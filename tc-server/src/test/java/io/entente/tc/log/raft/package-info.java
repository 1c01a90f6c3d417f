/** The replicated engine, with real sockets. */
@NullMarked
package io.entente.tc.log.raft;

import org.jspecify.annotations.NullMarked;

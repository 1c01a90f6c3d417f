/** Who is connected, and the translation between messages on the wire and commands to the coordinator. */
@NullMarked
package io.entente.tc.session;

import org.jspecify.annotations.NullMarked;

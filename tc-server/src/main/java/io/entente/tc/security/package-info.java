/** Who may use a coordinator, and on which addresses it may listen unprotected. */
@NullMarked
package io.entente.tc.security;

import org.jspecify.annotations.NullMarked;

/** What the application wants to be told again in phase two, as text. */
@NullMarked
package io.entente.tm.payload;

import org.jspecify.annotations.NullMarked;

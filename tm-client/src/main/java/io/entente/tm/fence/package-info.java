/** The fence: what an application tries, confirms, cancels or compensates itself takes effect once, and never too late. */
@NullMarked
package io.entente.tm.fence;

import org.jspecify.annotations.NullMarked;

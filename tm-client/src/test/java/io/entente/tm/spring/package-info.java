/** Tests with real Spring contexts and real Tomcats. */
@NullMarked
package io.entente.tm.spring;

import org.jspecify.annotations.NullMarked;

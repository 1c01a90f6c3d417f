/** Coordinators and applications that find each other. */
@NullMarked
package io.entente.discovery;

import org.jspecify.annotations.NullMarked;

/** The order service: takes purchases and is the one that begins global transactions. */
@NullMarked
package io.entente.samples.order;

import org.jspecify.annotations.NullMarked;

/** The inventory service: knows how much of each commodity is in stock. */
@NullMarked
package io.entente.samples.inventory;

import org.jspecify.annotations.NullMarked;

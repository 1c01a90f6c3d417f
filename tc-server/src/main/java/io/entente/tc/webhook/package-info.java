/** Tells other systems over HTTP when transactions begin to need an operator, and when that ends. */
@NullMarked
package io.entente.tc.webhook;

import org.jspecify.annotations.NullMarked;

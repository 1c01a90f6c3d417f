/** The trip service: arranges a trip with three providers, in a saga. */
@NullMarked
package io.entente.samples.trip;

import org.jspecify.annotations.NullMarked;

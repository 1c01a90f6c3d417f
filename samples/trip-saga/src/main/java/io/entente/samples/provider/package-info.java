/** Somebody who has cars, rooms or seats to give. The same program for all three, and it knows nothing of sagas. */
@NullMarked
package io.entente.samples.provider;

import org.jspecify.annotations.NullMarked;

/** The transaction coordinator: {@link io.entente.tc.TransactionCoordinator} puts its parts together. */
@NullMarked
package io.entente.tc;

import org.jspecify.annotations.NullMarked;

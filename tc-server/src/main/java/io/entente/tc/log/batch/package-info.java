/** Group commit for engines that store entries in batches: who appends fills one batch while the one before is stored. */
@NullMarked
package io.entente.tc.log.batch;

import org.jspecify.annotations.NullMarked;

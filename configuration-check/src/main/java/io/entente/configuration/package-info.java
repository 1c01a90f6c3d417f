/** Start-up check of configuration: what nothing reads, and what cannot work, is said at once and in plain words. */
@NullMarked
package io.entente.configuration;

import org.jspecify.annotations.NullMarked;

/** Measures what a global transaction costs. Run by hand; nothing here asserts a time. */
@NullMarked
package io.entente.benchmarks;

import org.jspecify.annotations.NullMarked;

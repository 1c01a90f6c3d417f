/** Applications: they begin global transactions, and serve their branches. */
@NullMarked
package io.entente.simulation.application;

import org.jspecify.annotations.NullMarked;

/**
 * The one thread that orders everything: takes commands, has them decided, applies the facts, writes them to the log,
 * and lets answers and phase-two requests out when the facts they rest on are durable.
 */
@NullMarked
package io.entente.tc.coordinator;

import org.jspecify.annotations.NullMarked;

package io.entente.simulation.invariant;

/**
 * What must hold did not.
 *
 * @param invariant the name of its class
 */
public record Violation(String invariant, String what) {

    @Override
    public String toString() {
        return invariant + ": " + what;
    }
}

package io.entente.crash;

/**
 * What goes wrong when.
 *
 * @param message the number of the message of the run at which it happens, from 1
 */
record CrashPoint(Mishap mishap, int message) {

    /** What goes wrong. What a process that dies said or was told last is lost with it. */
    enum Mishap {
        PAYER_DIES,
        PAYEE_DIES,
        COORDINATOR_DIES,
        /** Lost without a trace, while the line stays up. */
        MESSAGE_LOST,
        MESSAGE_TWICE,
        /** Arrives when all is over. */
        MESSAGE_LATE;

        boolean isDeath() {
            return this == PAYER_DIES || this == PAYEE_DIES || this == COORDINATOR_DIES;
        }
    }
}

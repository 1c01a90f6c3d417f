package io.entente.tm;

import io.entente.protocol.GlobalStatus;
import java.time.Duration;

/**
 * One attempt to ask the coordinator for something: the only door from this side to the network.
 *
 * <p>Every method throws {@link io.entente.protocol.transport.CoordinatorUnreachableException} when no answer comes,
 * and {@link CoordinatorRefusedException} when the answer is a failure.
 */
interface TransactionCoordinator {

    /** Begins a transaction and returns its XID. Repeating it begins another one. */
    String begin(String name, Duration timeout);

    /** Asks for the commit; may be repeated. Not cut short by an interrupt. */
    GlobalStatus commit(String xid);

    /** Asks for the rollback; may be repeated. Not cut short by an interrupt. */
    GlobalStatus rollback(String xid);

    /** Whether it can tell what is committed, as far as is known; that of Seata cannot. */
    boolean checksReads();

    /** False once the client is closed and no attempt can succeed any more. */
    boolean isOpen();

    /** Where the coordinator is, for messages. */
    String address();
}

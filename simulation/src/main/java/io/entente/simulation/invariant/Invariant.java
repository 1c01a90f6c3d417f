package io.entente.simulation.invariant;

import io.entente.protocol.Message;
import io.entente.simulation.database.ModelDatabase;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.Fact;
import io.entente.tc.transaction.TransactionState;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;

/** Something that must hold at all times, or in the end. Told of everything that may matter to one of them. */
interface Invariant {

    /** A coordinator has begun, on what is durable. */
    default void onLeader() {}

    /** The leading coordinator has applied a fact; it may not be durable yet. */
    default void onFact(Fact fact) {}

    /** The leading coordinator has gone through what had piled up. */
    default void onTurn(TransactionState state) {}

    /** A fact is durable. */
    default void onDurable(Fact fact) {}

    /** A coordinator, leading or not, lets an answer out. */
    default void onAnswer(Command command, Message.Response answer) {}

    /** A coordinator, leading or not, lets an order out. */
    default void onOrder(Message.TransactionRequest order) {}

    /** The time of a coordinator is over. */
    default void onLeaderEnd(TransactionState last, List<ByteBuffer> entriesBefore, List<ByteBuffer> appended) {}

    /** What a branch does has taken effect at its database. */
    default void onEffect(Effect effect) {}

    /** What a branch did was undone at its database. */
    default void onUndone(Effect effect) {}

    /** A local transaction has committed these rows. */
    default void onCommit(ModelDatabase database, Collection<String> keys) {}

    /** Somebody who made sure that nobody changes them has read rows. */
    default void onIsolatedRead(String xid, ModelDatabase database, List<String> keys) {}

    /** All faults are over, and so is the time that all has to come to its end. */
    default void onEnd(EndOfRun end) {}
}

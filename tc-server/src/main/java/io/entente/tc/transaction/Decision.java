package io.entente.tc.transaction;

import io.entente.protocol.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What follows from a command.
 *
 * @param facts to be applied, and made durable before anybody hears of them
 * @param answer for whoever gave the command; null when the answer has to wait for phase two, or nobody waits for one
 */
public record Decision(List<Fact> facts, Message.@Nullable Response answer) {

    static Decision answer(Message.Response answer, Fact... facts) {
        return new Decision(List.of(facts), answer);
    }

    static Decision silent(Fact... facts) {
        return new Decision(List.of(facts), null);
    }
}

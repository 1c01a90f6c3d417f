package io.entente.tc.coordinator;

import io.entente.protocol.Message;

/** Whoever gave a command and waits for what became of it. */
@FunctionalInterface
public interface Caller {
    /** Takes the answer; called once, on any thread, and must not block. */
    void answer(Message.Response response);
}

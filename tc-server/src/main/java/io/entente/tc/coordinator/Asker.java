package io.entente.tc.coordinator;

/**
 * Where a request came from.
 *
 * @param connectionId when this connection closes, nobody waits any more
 * @param requestId by which the one who sent it may take it back; {@link #WITHOUT_ID} when it cannot
 */
public record Asker(long connectionId, int requestId) {

    /** Of requests that nobody takes back; no frame of ours has it. */
    public static final int WITHOUT_ID = 0;

    static Asker on(long connectionId) {
        return new Asker(connectionId, WITHOUT_ID);
    }
}

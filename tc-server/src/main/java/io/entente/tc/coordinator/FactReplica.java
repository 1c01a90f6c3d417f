package io.entente.tc.coordinator;

import io.entente.tc.log.StateReplica;
import io.entente.tc.transaction.FactCodec;
import io.entente.tc.transaction.TransactionState;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The state as the committed facts tell it, beside the coordinator's own, which runs ahead of them. */
public final class FactReplica implements StateReplica {
    /** How much is turned into bytes before it is written. */
    private static final int CHUNK_BYTES = 1 << 16;

    private TransactionState state = new TransactionState();

    @Override
    public void apply(ByteBuffer payload) {
        applyAll(state, Unpooled.wrappedBuffer(payload));
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        ByteBuf chunk = Unpooled.buffer(2 * CHUNK_BYTES);
        IOException[] failure = {null};
        state.describe(fact -> {
            FactCodec.write(chunk, fact);
            if (chunk.readableBytes() >= CHUNK_BYTES && failure[0] == null) {
                failure[0] = flush(chunk, out);
            }
        });
        if (failure[0] == null) {
            failure[0] = flush(chunk, out);
        }
        if (failure[0] != null) {
            throw failure[0];
        }
    }

    private static @Nullable IOException flush(ByteBuf chunk, OutputStream out) {
        try {
            chunk.readBytes(out, chunk.readableBytes());
            chunk.clear();
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    @Override
    public void reset(InputStream in) throws IOException {
        TransactionState read = new TransactionState();
        applyAll(read, Unpooled.wrappedBuffer(in.readAllBytes()));
        state = read;
    }

    /** Makes all facts of an entry, or of a snapshot, true. */
    static void applyAll(TransactionState state, ByteBuf facts) {
        while (facts.isReadable()) {
            state.apply(FactCodec.read(facts));
        }
    }
}

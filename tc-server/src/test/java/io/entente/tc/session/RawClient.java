package io.entente.tc.session;

import io.entente.protocol.Message;
import io.entente.protocol.codec.Frame;
import io.entente.protocol.codec.FrameDecoder;
import io.entente.protocol.codec.FrameEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A bare socket, for what a well-behaved client would not do. */
final class RawClient implements AutoCloseable {
    private final Socket socket = new Socket();
    private final ByteBuf received = Unpooled.buffer();

    RawClient(int port) throws IOException {
        // Small, so that a client that does not read is noticed soon.
        socket.setReceiveBufferSize(4_096);
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** Connected and registered as an RM of that version. */
    static RawClient registered(int port, String version) throws IOException {
        RawClient client = new RawClient(port);
        client.send(Frame.request(1, registration(version)));
        Frame answer = client.read();
        if (answer == null || !(answer.body() instanceof Message.RegisterRmResponse)) {
            throw new AssertionError("registration was answered with " + answer);
        }
        return client;
    }

    static Message registration(String version) {
        return new Message.RegisterRmRequest(version, "raw", "test_group", "", List.of("raw-db"));
    }

    static byte[] bytes(Frame frame) {
        ByteBuf out = Unpooled.buffer();
        FrameEncoder.encode(frame, out);
        return ByteBufUtil.getBytes(out);
    }

    void send(Frame frame) throws IOException {
        send(bytes(frame));
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** The next frame; null when the server has closed the connection. */
    @Nullable
    Frame read() throws IOException {
        byte[] chunk = new byte[4_096];
        while (true) {
            Frame frame = received.isReadable() ? FrameDecoder.decode(received, FrameDecoder.MAX_FRAME_LENGTH) : null;
            if (frame != null) {
                return frame;
            }
            int count = readSome(chunk);
            if (count < 0) {
                return null;
            }
            received.writeBytes(chunk, 0, count);
        }
    }

    private int readSome(byte[] chunk) throws IOException {
        try {
            return socket.getInputStream().read(chunk);
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (SocketException e) {
            // The server closed before it had read everything.
            return -1;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

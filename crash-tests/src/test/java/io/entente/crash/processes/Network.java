package io.entente.crash.processes;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The lines between the processes. All of them go through this process, which holds back what goes one way or the other: what
 * is held back arrives late, as over a real network, if both sides still have the connection then.
 */
final class Network implements AutoCloseable {

    private record Way(String from, String to) {}

    /** Lets through what goes one way. */
    private static final class Gate {
        private boolean open = true;

        synchronized void set(boolean toOpen) {
            open = toOpen;
            notifyAll();
        }

        synchronized void pass() throws InterruptedException {
            while (!open) {
                wait();
            }
        }
    }

    private final Map<Way, Gate> gates = new ConcurrentHashMap<>();
    private final Set<Closeable> sockets = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "network");
        thread.setDaemon(true);
        return thread;
    });

    private Gate gate(String from, String to) {
        return gates.computeIfAbsent(new Way(from, to), way -> new Gate());
    }

    /**
     * Opens a line on which {@code from} reaches {@code to}.
     *
     * @param entry where only {@code from} connects
     */
    void connect(String from, InetSocketAddress entry, String to, InetSocketAddress target) throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(entry);
        sockets.add(listener);
        threads.execute(() -> accept(listener, from, to, target));
    }

    private void accept(ServerSocket listener, String from, String to, InetSocketAddress target) {
        try {
            while (!listener.isClosed()) {
                Socket near = listener.accept();
                sockets.add(near);
                threads.execute(() -> forward(near, from, to, target));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void forward(Socket near, String from, String to, InetSocketAddress target) {
        try {
            // Who connects needs an answer from there.
            gate(from, to).pass();
            gate(to, from).pass();
            Socket far = new Socket();
            sockets.add(far);
            far.connect(target);
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            threads.execute(() -> pump(near, far, gate(from, to)));
            pump(far, near, gate(to, from));
        } catch (IOException | InterruptedException e) {
            close(near);
        }
    }

    private void pump(Socket source, Socket sink, Gate gate) {
        byte[] bytes = new byte[16 * 1024];
        try {
            InputStream in = source.getInputStream();
            OutputStream out = sink.getOutputStream();
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                gate.pass();
                out.write(bytes, 0, count);
            }
            gate.pass();
        } catch (IOException | InterruptedException e) {
            // One side has gone.
        }
        close(source);
        close(sink);
    }

    private void close(Socket socket) {
        sockets.remove(socket);
        closeQuietly(socket);
    }

    private static void closeQuietly(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone all the same.
        }
    }

    /** From now on nothing that {@code from} says arrives at {@code to}. */
    void hold(String from, String to) {
        gate(from, to).set(false);
    }

    /** All that was held back arrives. */
    void heal() {
        gates.values().forEach(gate -> gate.set(true));
    }

    @Override
    public void close() {
        threads.shutdownNow();
        sockets.forEach(Network::closeQuietly);
    }

    /** An address of the loopback interface that belongs to this pair alone. */
    static InetAddress address(int from, int to) throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, (byte) (from + 1), (byte) (to + 1)});
    }
}

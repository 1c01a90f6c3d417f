package io.entente.seata.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** On the line between clients and a server; keeps what the clients say. */
final class Tap implements AutoCloseable {

    private final ServerSocket listening;
    private final int server;
    private final List<ByteArrayOutputStream> said = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    Tap(int server) throws IOException {
        this.server = server;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        run(this::accept);
    }

    String address() {
        return "127.0.0.1:" + listening.getLocalPort();
    }

    /** Whatever clients have sent until now; each byte is a character. */
    String said() {
        StringBuilder all = new StringBuilder();
        for (ByteArrayOutputStream each : said) {
            all.append(each.toString(StandardCharsets.ISO_8859_1)).append('\n');
        }
        return all.toString();
    }

    private interface Loop {
        void run() throws IOException;
    }

    private static void run(Loop loop) {
        Thread thread = new Thread(
                () -> {
                    try {
                        loop.run();
                    } catch (IOException e) {
                        // Somebody has hung up.
                    }
                },
                "tap");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listening.accept();
            open.add(client);
            Socket behind;
            try {
                behind = new Socket(InetAddress.getLoopbackAddress(), server);
            } catch (IOException e) {
                // The server is down.
                client.close();
                continue;
            }
            open.add(behind);
            ByteArrayOutputStream kept = new ByteArrayOutputStream();
            said.add(kept);
            run(() -> forward(client, behind, kept));
            run(() -> forward(behind, client, OutputStream.nullOutputStream()));
        }
    }

    private static void forward(Socket from, Socket to, OutputStream kept) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                kept.write(buffer, 0, read);
                out.write(buffer, 0, read);
            }
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket each : open) {
                each.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

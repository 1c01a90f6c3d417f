package io.entente.tc.webhook;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToIntFunction;

/** A web server that is told of what needs attention. */
public final class HttpReceiver implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile ToIntFunction<Delivery> script = delivery -> 204;

    /** @param signature empty when there was none */
    public record Delivery(String event, String signature, String body, int number) {
        public boolean speaksOf(String text) {
            return body.contains(text);
        }
    }

    public HttpReceiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::take);
        server.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String signature = exchange.getRequestHeaders().getFirst("Entente-Signature");
        Delivery delivery;
        synchronized (this) {
            delivery = new Delivery(
                    exchange.getRequestHeaders().getFirst("Entente-Event"),
                    signature == null ? "" : signature,
                    body,
                    deliveries.size() + 1);
            deliveries.add(delivery);
        }
        exchange.sendResponseHeaders(script.applyAsInt(delivery), -1);
        exchange.close();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
    }

    /** Answers with these statuses from now on. */
    public void answering(ToIntFunction<Delivery> newScript) {
        script = newScript;
    }

    /** Takes what comes and never answers. */
    void hang() {
        script = delivery -> {
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return 204;
        };
    }

    public List<Delivery> deliveries() {
        return List.copyOf(deliveries);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}

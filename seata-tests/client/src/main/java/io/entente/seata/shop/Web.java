package io.entente.seata.shop;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executors;
import org.apache.seata.core.context.RootContext;

/** The application as an HTTP service: steps, one a line, are done in the global transaction that the header names. */
class Web {
    private final Steps steps;

    Web(Steps steps) {
        this.steps = steps;
    }

    /** Its URL. */
    String serve() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/do", this::answer);
        server.start();
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/do";
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String xid = exchange.getRequestHeaders().getFirst(RootContext.KEY_XID);
        int status = 200;
        String text;
        if (xid != null) {
            RootContext.bind(xid);
        }
        try {
            text = steps.runAll(List.of(body.split("\n", -1)));
        } catch (Exception e) {
            e.printStackTrace();
            status = 500;
            text = e.toString();
        } finally {
            RootContext.unbind();
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** Has another service do steps, in the global transaction there is. */
    String call(String url, List<String> steps) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString(String.join("\n", steps)));
        if (RootContext.getXID() != null) {
            request.header(RootContext.KEY_XID, RootContext.getXID());
        }
        HttpResponse<String> response =
                HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IllegalStateException(url + " answered " + response.statusCode() + ": " + response.body());
        }
        return response.body();
    }
}

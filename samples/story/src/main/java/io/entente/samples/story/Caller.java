package io.entente.samples.story;

import io.entente.samples.story.Answer.Outcome;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks a service over HTTP, as a browser would. */
public final class Caller {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final String url;
    private final JsonMapper json = JsonMapper.shared();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    Caller(String url) {
        this.url = url;
    }

    /** The address of the service, without a path. */
    public String url() {
        return url;
    }

    /** The answer never fails: whatever goes wrong is an answer, too. */
    public CompletableFuture<Answer> post(String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return send(request);
    }

    /** As {@link #post}, to look at something. */
    public CompletableFuture<Answer> get(String path) {
        return send(
                HttpRequest.newBuilder(URI.create(url + path)).timeout(PATIENCE).build());
    }

    private CompletableFuture<Answer> send(HttpRequest request) {
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .handle((response, failure) -> failure == null ? answer(response) : failed(failure));
    }

    private Answer failed(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return unknown((cause instanceof ConnectException ? "nobody listens: " : "no answer: ") + cause);
    }

    private Answer answer(HttpResponse<String> response) {
        int status = response.statusCode();
        JsonNode body;
        try {
            body = json.readTree(response.body());
        } catch (JacksonException e) {
            return unknown(status + ", which is not from the service: " + e.getMessage());
        }
        if (status == 200) {
            return new Answer(Outcome.DONE, body, "200 " + response.body());
        }
        if (status == 202) {
            return new Answer(
                    Outcome.UNKNOWN, body, "202 " + body.path("detail").asString(response.body()));
        }
        String exception = body.path("exception").asString("");
        // A failure without an exception is a refusal of the service; every exception but this one says that what was
        // asked for did not, and will not, take place.
        boolean unknown = exception.endsWith("GlobalTransactionOutcomeUnknownException");
        String reason = exception.isEmpty()
                ? body.path("detail").asString(response.body())
                : exception.substring(exception.lastIndexOf('.') + 1) + ": "
                        + body.path("message").asString("");
        return new Answer(unknown ? Outcome.UNKNOWN : Outcome.NOT_DONE, body, status + " " + reason);
    }

    private Answer unknown(String text) {
        return new Answer(Outcome.UNKNOWN, json.createObjectNode(), text);
    }
}

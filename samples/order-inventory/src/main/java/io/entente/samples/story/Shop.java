package io.entente.samples.story;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Buys at the order service over HTTP, as a browser would. */
final class Shop {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final String url;
    private final JsonMapper json = JsonMapper.shared();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    Shop(int port) {
        this.url = "http://localhost:" + port;
    }

    /**
     * What is bought; {@code paymentMillis} and {@code packingMillis} make it slow on purpose.
     *
     * @param express whether it has to be done within two seconds
     */
    record Purchase(
            String userId,
            String commodity,
            int count,
            int amount,
            long paymentMillis,
            long packingMillis,
            boolean express) {

        static Purchase of(String userId, int count, String commodity, int amount) {
            return new Purchase(userId, commodity, count, amount, 0, 0, false);
        }

        Purchase withPaymentMillis(long millis) {
            return new Purchase(userId, commodity, count, amount, millis, packingMillis, express);
        }

        Purchase withPackingMillis(long millis) {
            return new Purchase(userId, commodity, count, amount, paymentMillis, millis, express);
        }

        Purchase asExpress() {
            return new Purchase(userId, commodity, count, amount, paymentMillis, packingMillis, true);
        }

        String path() {
            return express ? "/purchases/express" : "/purchases";
        }

        String body() {
            StringBuilder body = new StringBuilder("{\"userId\":\"" + userId + "\",\"commodity\":\"" + commodity
                    + "\",\"count\":" + count + ",\"amount\":" + amount);
            if (paymentMillis > 0) {
                body.append(",\"paymentMillis\":").append(paymentMillis);
            }
            if (packingMillis > 0) {
                body.append(",\"packingMillis\":").append(packingMillis);
            }
            return body.append('}').toString();
        }
    }

    /** What the buyer knows afterwards. */
    enum Outcome {
        BOUGHT,
        NOT_BOUGHT,
        UNKNOWN
    }

    /**
     * @param orderId 0 unless bought
     * @param text status and reason, for a person
     */
    record Answer(Outcome outcome, long orderId, String text) {}

    String url() {
        return url;
    }

    /** Never throws: whatever goes wrong is an answer, too. */
    Answer buy(Purchase purchase) {
        try {
            return buyLater(purchase).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(Outcome.UNKNOWN, 0, "interrupted");
        } catch (ExecutionException e) {
            return new Answer(Outcome.UNKNOWN, 0, String.valueOf(e.getCause()));
        }
    }

    CompletableFuture<Answer> buyLater(Purchase purchase) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + purchase.path()))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(purchase.body()))
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .handle((response, failure) ->
                        failure == null ? answer(response) : new Answer(Outcome.UNKNOWN, 0, "no answer: " + failure));
    }

    private Answer answer(HttpResponse<String> response) {
        int status = response.statusCode();
        JsonNode body;
        try {
            body = json.readTree(response.body());
        } catch (JacksonException e) {
            return new Answer(Outcome.UNKNOWN, 0, status + ", which is not from the service: " + e.getMessage());
        }
        if (status == 200) {
            return new Answer(Outcome.BOUGHT, body.path("orderId").asLong(), "200 " + response.body());
        }
        String exception = body.path("exception").asString("");
        // A failure without an exception is a refusal of the service; every exception but this one says that the
        // purchase did not, and will not, take place.
        boolean unknown = exception.endsWith("GlobalTransactionOutcomeUnknownException");
        String reason = exception.isEmpty()
                ? body.path("detail").asString(response.body())
                : exception.substring(exception.lastIndexOf('.') + 1) + ": "
                        + body.path("message").asString("");
        return new Answer(unknown ? Outcome.UNKNOWN : Outcome.NOT_BOUGHT, 0, status + " " + reason);
    }
}

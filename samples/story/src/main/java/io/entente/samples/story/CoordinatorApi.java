package io.entente.samples.story;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Looks into the coordinator over its REST API. */
public final class CoordinatorApi {

    private static final String ENDED = "has ended: ";

    private final String url;
    private final JsonMapper json = JsonMapper.shared();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    CoordinatorApi(int port) {
        this.url = "http://localhost:" + port;
    }

    /** A global transaction that has not ended. */
    public record OpenTransaction(String xid, String name, String application, String phase, int branches, int locks) {}

    /**
     * A branch of such a transaction.
     *
     * @param resource what it belongs to: a database, a TCC action, a step of a saga
     * @param failures how often phase two failed
     * @param lastFailure why; empty when it never did
     */
    public record OpenBranch(String resource, int failures, String lastFailure) {}

    public String url() {
        return url;
    }

    /** @throws IOException when the coordinator does not answer */
    public List<OpenTransaction> transactions() throws IOException {
        List<OpenTransaction> transactions = new ArrayList<>();
        for (JsonNode item : get("/api/transactions").get("items")) {
            transactions.add(new OpenTransaction(
                    item.get("xid").asString(),
                    item.get("name").asString(),
                    item.get("applicationId").asString(),
                    item.get("phase").asString(),
                    item.get("branches").asInt(),
                    item.get("locks").asInt()));
        }
        return transactions;
    }

    /** The branches of a global transaction, in the order of their registration; none when it has ended. */
    public List<OpenBranch> branches(String xid) throws IOException {
        List<OpenBranch> branches = new ArrayList<>();
        for (JsonNode branch : get("/api/transactions/" + xid).path("branches")) {
            branches.add(new OpenBranch(
                    branch.get("resourceId").asString(),
                    branch.get("failures").asInt(),
                    branch.path("lastFailure").asString("")));
        }
        return branches;
    }

    /** How many global transactions have not ended. */
    public int open() throws IOException {
        return get("/api/transactions").get("total").asInt();
    }

    /** How many rows are locked. */
    public int locks() throws IOException {
        return get("/api/locks").get("total").asInt();
    }

    /** How a global transaction ended; empty when it has not, or the coordinator no longer remembers. */
    public Optional<String> outcome(String xid) throws IOException {
        JsonNode error = get("/api/transactions/" + xid).get("error");
        String text = error == null ? "" : error.asString();
        int ended = text.indexOf(ENDED);
        return ended < 0 ? Optional.empty() : Optional.of(text.substring(ended + ENDED.length()));
    }

    private JsonNode get(String path) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return json.readTree(
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoryException("Interrupted while asking the coordinator", e);
        }
    }
}

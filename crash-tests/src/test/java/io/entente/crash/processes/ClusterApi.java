package io.entente.crash.processes;

import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/** The HTTP interface of the members, as an operator beside them has it. */
final class ClusterApi {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final Duration SOON = Duration.ofSeconds(8);

    private final Map<String, String> httpAddresses;
    private final Map<String, String> addresses;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    /**
     * @param httpAddresses by name of the member
     * @param addresses those for clients, by name
     */
    ClusterApi(Map<String, String> httpAddresses, Map<String, String> addresses) {
        this.httpAddresses = httpAddresses;
        this.addresses = addresses;
    }

    private HttpRequest.Builder at(String member, String path) {
        return HttpRequest.newBuilder(URI.create("http://" + httpAddresses.get(member) + path))
                .timeout(Duration.ofSeconds(2));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** @return what it answers; null when it answers with a failure, or not at all */
    @Nullable
    String get(String member, String path) {
        try {
            HttpResponse<String> answer = send(at(member, path));
            return answer.statusCode() == 200 ? answer.body() : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** @return who says that it leads, in the latest term; null when nobody does */
    @Nullable
    String leaderNow() {
        String leader = null;
        long latest = -1;
        for (String member : httpAddresses.keySet()) {
            String cluster = get(member, "/api/cluster");
            if (cluster != null && JsonPath.<Boolean>read(cluster, "$.leads")) {
                long term = JsonPath.<Number>read(cluster, "$.term").longValue();
                if (term > latest) {
                    latest = term;
                    leader = member;
                }
            }
        }
        return leader;
    }

    /** @return who leads; null when nobody does for some seconds */
    @Nullable
    String leaderSoon() {
        try {
            return await().atMost(SOON).until(this::leaderNow, Objects::nonNull);
        } catch (ConditionTimeoutException e) {
            return null;
        }
    }

    String leader() {
        return Objects.requireNonNull(await("a leader").atMost(PATIENCE).until(this::leaderNow, Objects::nonNull));
    }

    /** Returns when all members are heard of by the one that leads. */
    void awaitAllReachable() {
        await("all members to be reachable").atMost(PATIENCE).until(() -> {
            String leader = leaderNow();
            String cluster = leader == null ? null : get(leader, "/api/cluster");
            return cluster != null
                    && JsonPath.<List<Object>>read(cluster, "$.members[?(@.reachable == true)]")
                                    .size()
                            == httpAddresses.size();
        });
    }

    /** @return whether the lead was passed on */
    boolean passLead(String leader, String next) {
        try {
            return send(at(leader, "/api/cluster/leader")
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(
                                            "{\"member\": \"" + addresses.get(next) + "\"}")))
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns when this one leads and answers. */
    void awaitLead(String next) {
        await(next + " to lead").atMost(PATIENCE).until(() -> {
            String leader = leaderNow();
            if (next.equals(leader)) {
                return get(next, "/api/transactions") != null;
            }
            // Asked again, because the lead may have gone elsewhere meanwhile.
            var unused = leader != null && passLead(leader, next);
            return false;
        });
    }

    /** @return the phase in which the transaction stands or ended; {@code UNKNOWN} when the member does not know it */
    String phase(String member, String xid) throws IOException {
        HttpResponse<String> answer = send(at(member, "/api/transactions/" + xid + "/actions"));
        return switch (answer.statusCode()) {
            case 200 -> JsonPath.read(answer.body(), "$.phase");
            case 404 -> "UNKNOWN";
            default -> throw new IOException(member + " answers " + answer.statusCode() + " " + answer.body());
        };
    }

    /** @param path of what is counted; throws when the member does not say */
    long total(String member, String path) throws IOException {
        HttpResponse<String> answer = send(at(member, path));
        if (answer.statusCode() != 200) {
            throw new IOException(member + " answers " + answer.statusCode() + " " + answer.body());
        }
        return JsonPath.<Number>read(answer.body(), "$.total").longValue();
    }
}

package io.entente.tc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.ConflictText;
import io.entente.protocol.Message.Result;
import io.entente.protocol.Resolution;
import io.entente.protocol.TransactionError;
import io.entente.tc.TransactionCoordinator;
import io.entente.tc.coordinator.TestClient;
import io.entente.tc.coordinator.TestClient.Asked;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** How an operator sees a conflict and says what to do about it. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        useMainMethod = SpringBootTest.UseMainMethod.ALWAYS,
        properties = "entente.tc.port=0")
class ResolutionApiTest {
    private static final String ROWS = "{\"rows\":[{\"table\":\"stock\",\"undoing\":\"UPDATE\",\"key\":\"id=1\","
            + "\"reason\":\"changed\",\"columns\":[{\"column\":\"n\",\"type\":\"int4\",\"before\":\"10\","
            + "\"after\":null,\"current\":\"null\"}],\"columnsLeftOut\":0}],\"rowsLeftOut\":0}";
    private static final String FORCE = "{\"resolution\":\"FORCE_BEFORE_IMAGE\",\"by\":\"ann\"}";

    @TempDir
    static Path directory;

    @Autowired
    private TransactionCoordinator coordinator;

    @LocalServerPort
    private int httpPort;

    private TestClient shop;
    private String xid;
    private long branch;

    @DynamicPropertySource
    static void dataDirectory(DynamicPropertyRegistry registry) {
        registry.add(
                "entente.tc.data-directory", () -> directory.resolve("data").toString());
    }

    @BeforeEach
    void stop() {
        shop = TestClient.connectExtended(coordinator.port(), "shop", "stock-db", "freeze");
        xid = shop.begin();
        branch = shop.branch(xid, "stock-db", "stock:1");
        shop.startRollback(xid);
        stop(shop.nextAsked(), new ConflictText("row 1 was changed", ROWS).joined());
    }

    private void stop(Asked asked, String message) {
        asked.answer(
                Result.failed(TransactionError.BRANCH_ROLLBACK_FAILED_UNRETRYABLE, message),
                BranchStatus.PHASE_TWO_ROLLBACK_FAILED_UNRETRYABLE);
        await().untilAsserted(() -> assertThat(this.<List<String>>read(asked.xid(), "$.attention[*].branchId"))
                .contains(String.valueOf(asked.branchId())));
    }

    @AfterEach
    void leaveNothingBehind() {
        shop.answering(Asked::done);
        shop.history().forEach(asked -> asked.answer(asked.done()));
        for (String each : JsonPath.<List<String>>read(get("").body(), "$.items[*].xid")) {
            post("/" + each + "/retry", "");
        }
        await().untilAsserted(() ->
                assertThat(JsonPath.<Integer>read(get("").body(), "$.total")).isZero());
        shop.close();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + "/api/transactions" + path));
    }

    private HttpResponse<String> get(String path) {
        return send(request(path));
    }

    private HttpResponse<String> post(String path, String body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> resolve(String body) {
        return post("/" + xid + "/branches/" + branch + "/resolve", body);
    }

    private <T> T read(String ofXid, String path) {
        return JsonPath.read(get("/" + ofXid).body(), path);
    }

    private void assertRefused(HttpResponse<String> response, int status, String... error) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(JsonPath.<String>read(response.body(), "$.error")).contains(error);
    }

    @Test
    void a_conflict_is_shown_row_by_row_beside_its_reason() {
        assertThat(this.<String>read(xid, "$.attention[0].branchId")).isEqualTo(String.valueOf(branch));
        assertThat(this.<String>read(xid, "$.attention[0].reason")).isEqualTo("row 1 was changed");
        assertThat(this.<String>read(xid, "$.attention[0].conflict.rows[0].table"))
                .isEqualTo("stock");
        assertThat(this.<String>read(xid, "$.attention[0].conflict.rows[0].columns[0].before"))
                .isEqualTo("10");
        assertThat(this.<String>read(xid, "$.attention[0].conflict.rows[0].columns[0].after"))
                .isNull();
        assertThat(this.<String>read(xid, "$.attention[0].conflict.rows[0].columns[0].current"))
                .isEqualTo("null");
        assertThat(this.<List<String>>read(xid, "$.attention[0].possible"))
                .containsExactly("RETRY", "FORCE_BEFORE_IMAGE", "ACCEPT_CURRENT", "MARK_DONE", "RELEASE_LOCKS");
        assertThat(this.<List<Object>>read(xid, "$.resolutions")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"RETRY, true", "FORCE_BEFORE_IMAGE, true", "ACCEPT_CURRENT, false"})
    void a_branch_is_resolved_as_chosen(Resolution resolution, boolean alone) {
        String body = "{\"resolution\":\"" + resolution + "\",\"by\":\"ann\"}";
        Instant before = Instant.now();

        HttpResponse<String> accepted = alone ? resolve(body) : post("/" + xid + "/resolve", body);

        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        Asked asked = shop.nextAsked();
        assertThat(Resolution.in(asked.applicationData())).isEqualTo(resolution);
        assertThat(this.<List<Object>>read(xid, "$.attention")).isEmpty();
        assertThat(this.<String>read(xid, "$.resolutions[0].resolution")).isEqualTo(resolution.name());
        assertThat(this.<String>read(xid, "$.resolutions[0].by")).isEqualTo("ann");
        assertThat(this.<Boolean>read(xid, "$.resolutions[0].open")).isTrue();
        assertThat(Instant.parse(read(xid, "$.resolutions[0].at"))).isAfterOrEqualTo(before.minusMillis(1));
        assertThat(resolve(body).statusCode()).as("repeated").isEqualTo(202);
        assertThat(this.<Integer>read(xid, "$.resolutions.length()")).isEqualTo(1);

        asked.answer(asked.done());
        await().untilAsserted(() -> assertRefused(get("/" + xid), 404, xid + " has ended: ROLLED_BACK"));
        assertRefused(resolve(body), 404, xid + " has ended: ROLLED_BACK");
        assertThat(shop.history()).hasSize(2);
    }

    @Test
    void a_new_conflict_is_shown_and_what_was_chosen_before_too() {
        resolve(FORCE);
        stop(shop.nextAsked(), new ConflictText("row 2 was deleted", "{\"rows\":[]}").joined());

        assertThat(this.<String>read(xid, "$.attention[0].reason")).isEqualTo("row 2 was deleted");
        assertThat(this.<List<Boolean>>read(xid, "$.resolutions[*].open")).containsExactly(false);
    }

    @Test
    void the_reason_is_there_for_machines_too() {
        assertThat(this.<String>read(xid, "$.attention[0].code")).isEqualTo("CONFLICT");
        assertThat(get("").body()).contains(xid);
    }

    @Test
    void what_would_be_done_is_told_and_not_done() {
        String path = "/" + xid + "/branches/" + branch + "/resolve?preview=true";
        String forced = post(path, FORCE).body();
        assertThat(JsonPath.<Boolean>read(forced, "$.possible")).isTrue();
        assertThat(JsonPath.<String>read(forced, "$.branches[0].code")).isEqualTo("CONFLICT");
        assertThat(JsonPath.<String>read(forced, "$.branches[0].effect")).contains("old values");
        assertThat(JsonPath.<String>read(forced, "$.branches[0].locksEnd")).isEqualTo("WHEN_DONE");
        String row = "$.branches[0].rows.rows[0]";
        assertThat(JsonPath.<String>read(forced, row + ".table")).isEqualTo("stock");
        assertThat(JsonPath.<String>read(forced, row + ".effect")).isEqualTo("OVERWRITTEN");
        assertThat(JsonPath.<String>read(forced, row + ".columns[0].current")).isEqualTo("null");
        assertThat(JsonPath.<String>read(forced, row + ".columns[0].willBe")).isEqualTo("10");

        String accepted = post("/" + xid + "/resolve?preview=true", "{\"resolution\":\"ACCEPT_CURRENT\"}")
                .body();
        assertThat(JsonPath.<String>read(accepted, row + ".effect")).isEqualTo("KEPT");
        assertThat(JsonPath.<String>read(accepted, row + ".columns[0].willBe")).isEqualTo("null");

        String released = post(path, "{\"resolution\":\"RELEASE_LOCKS\"}").body();
        assertThat(JsonPath.<String>read(released, "$.branches[0].locksEnd")).isEqualTo("AT_ONCE");
        assertThat(JsonPath.<String>read(released, "$.branches[0].lockedRows[0].key"))
                .isEqualTo("1");
        assertThat(JsonPath.<List<Object>>read(released, "$.branches[0].lockedRows[0].waiting"))
                .isEmpty();

        assertThat(this.<List<Object>>read(xid, "$.resolutions")).isEmpty();
        assertThat(shop.history()).hasSize(1);
        assertRefused(post("/" + xid + "/resolve?preview=yes", FORCE), 400, "preview");
        assertRefused(post("/127.0.0.1:1:5/resolve?preview=true", FORCE), 404, "is not known here");
    }

    @Test
    void who_waits_for_a_row_is_shown_before_it_is_let_go_of() {
        String waiting = shop.begin();
        var answer = shop.registerLater(waiting, "stock-db", "stock:1", "{\"holdsNothing\":true,\"lockWait\":60000}");
        String body = "{\"resolution\":\"RELEASE_LOCKS\",\"by\":\"ann\"}";
        await().untilAsserted(() -> assertThat(JsonPath.<List<String>>read(
                        post("/" + xid + "/resolve?preview=true", body).body(),
                        "$.branches[0].lockedRows[0].waiting[*].xid"))
                .containsExactly(waiting));

        assertThat(resolve(body).statusCode()).isEqualTo(202);

        assertThat(answer.join()).asString().contains("success=true");
        assertThat(this.<List<String>>read(xid, "$.branches[0].locks")).isEmpty();
        assertThat(this.<List<String>>read(xid, "$.branches[0].releasedLocks")).containsExactly("stock:1");
        assertThat(this.<String>read(xid, "$.resolutions[0].note")).isEqualTo("1 rows: stock:1");
        assertThat(this.<String>read(xid, "$.attention[0].reason")).isEqualTo("row 1 was changed");
        HttpResponse<String> forced = resolve(FORCE);
        assertRefused(forced, 409, "stock:1", waiting, "ACTIVE");
        String preview = post("/" + xid + "/resolve?preview=true", FORCE).body();
        assertThat(JsonPath.<Boolean>read(preview, "$.possible")).isFalse();
        assertThat(JsonPath.<String>read(preview, "$.branches[0].refusal")).contains(waiting);
        shop.rollbackLater(waiting);
    }

    @Test
    void a_row_that_cannot_be_forced_is_named() {
        resolve("{\"resolution\":\"RETRY\"}");
        String rows = "{\"rows\":[{\"table\":\"stock\",\"undoing\":\"UPDATE\",\"key\":\"id=7\","
                + "\"reason\":\"it is gone\",\"forcible\":false,\"columns\":[],\"columnsLeftOut\":0}],\"rowsLeftOut\":0}";
        stop(shop.nextAsked(), new ConflictText("row 7 is gone", rows).joined());

        assertRefused(resolve(FORCE), 409, "cannot be forced", "stock(id=7): it is gone");
        String preview = post("/" + xid + "/resolve?preview=true", FORCE).body();
        assertThat(JsonPath.<String>read(preview, "$.branches[0].rows.rows[0].effect"))
                .isEqualTo("NOT_POSSIBLE");
    }

    @Test
    void what_was_done_can_be_read_when_the_transaction_has_ended() {
        resolve(FORCE);
        stop(shop.nextAsked(), "still there");
        String number = xid.substring(xid.lastIndexOf(':') + 1);
        assertThat(post("/" + number + "/retry?by=bob", "").statusCode()).isEqualTo(200);
        Asked asked = shop.nextAsked();
        asked.answer(asked.done());
        await().untilAsserted(() -> assertRefused(get("/" + number), 404, "has ended: ROLLED_BACK"));

        String actions = get("/" + number + "/actions").body();
        assertThat(get("/" + xid + "/actions").body()).contains("FORCE_BEFORE_IMAGE");
        assertThat(JsonPath.<String>read(actions, "$.phase")).isEqualTo("ROLLED_BACK");
        assertThat(JsonPath.<List<String>>read(actions, "$.resolutions[*].by")).containsExactly("ann", "bob");
        assertThat(JsonPath.<List<String>>read(actions, "$.resolutions[*].outcome"))
                .containsExactly("STOPPED", "DONE");
        assertThat(JsonPath.<String>read(actions, "$.resolutions[0].note")).isEqualTo("still there");
        assertRefused(get("/1:5/actions"), 404, "is not known here");
    }

    @Test
    void a_transaction_is_found_by_its_number_too_and_not_by_that_of_another_coordinator() {
        String number = xid.substring(xid.lastIndexOf(':') + 1);
        assertThat(this.<String>read(number, "$.transaction.xid")).isEqualTo(xid);
        assertRefused(get("/elsewhere:8091:" + number), 404, "is not known here");
        assertThat(post("/" + number + "/resolve", FORCE).statusCode()).isEqualTo(202);
    }

    @Test
    void what_cannot_be_resolved_like_this_is_refused_with_the_reason() {
        String other = shop.begin();
        long tcc = shop.branch(other, BranchType.TCC, "freeze", "");
        assertRefused(post("/" + other + "/resolve", FORCE), 409, other + " is ACTIVE; none of its branches is stuck");
        assertRefused(post("/" + other + "/branches/" + tcc + "/resolve", FORCE), 409, "is not stuck");
        shop.startRollback(other);
        stop(shop.nextAsked(), "violated");

        assertRefused(post("/" + other + "/branches/" + tcc + "/resolve", FORCE), 409, "of mode TCC", "RETRY");
        assertRefused(post("/" + other + "/resolve", FORCE), 409, "of mode TCC", "Nothing was changed");
        assertThat(this.<List<String>>read(other, "$.attention[0].possible")).containsExactly("RETRY", "MARK_DONE");
        assertThat(this.<Object>read(other, "$.attention[0].conflict")).isNull();

        resolve(FORCE);
        assertRefused(resolve("{\"resolution\":\"RETRY\"}"), 409, "is being resolved with FORCE_BEFORE_IMAGE");
    }

    @Test
    void bad_input_is_answered_with_what_is_expected() {
        assertRefused(
                resolve("{\"resolution\":\"force\"}"),
                400,
                "[RETRY, FORCE_BEFORE_IMAGE, ACCEPT_CURRENT, MARK_DONE, RELEASE_LOCKS]");
        assertRefused(resolve("{}"), 400, "resolution is null");
        assertRefused(get("?phase=FOO"), 400, "phase is FOO", "ROLLBACK_NEEDS_ATTENTION");
        assertRefused(get("?limit=all"), 400, "limit is all", "a whole number");
        assertRefused(get("?phse=ACTIVE"), 400, "there is no parameter phse", "[group, limit, phase]");
        assertRefused(get("?phase="), 400, "phase has no value");
        assertRefused(get("/" + xid + "?limit=5"), 400, "no parameter limit", "there is none");
        assertRefused(resolve("{\"resolution\":\"RETRY\",\"who\":\"ann\"}"), 400, "who", "resolution, by");
        assertRefused(resolve("force"), 400, "application/json", "{\"resolution\": \"RETRY\"}");
        assertRefused(resolve(""), 400, "the body is missing");
        assertRefused(
                send(request("/" + xid + "/resolve").POST(HttpRequest.BodyPublishers.ofString("resolution=RETRY"))),
                415,
                "application/json");
        assertRefused(resolve("{\"resolution\":\"RETRY\",\"by\":\"" + "x".repeat(201) + "\"}"), 400, "201 characters");
        assertRefused(post("/" + xid + "/branches/seven/resolve", FORCE), 400, "branch id seven is no number");
        assertRefused(post("/" + xid + "/branches/7/resolve", FORCE), 404, "branch 7 of " + xid + " is finished");
        assertRefused(post("/127.0.0.1:1:5/resolve", FORCE), 404, "127.0.0.1:1:5 is not known here");
        assertThat(this.<List<Object>>read(xid, "$.resolutions")).isEmpty();
        assertThat(shop.history()).hasSize(1);
    }
}

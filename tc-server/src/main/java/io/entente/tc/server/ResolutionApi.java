package io.entente.tc.server;

import io.entente.protocol.Resolution;
import io.entente.tc.TransactionCoordinator;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.Resolutions;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Lets operators say what to do about branches that cannot be rolled back by themselves. */
@RestController
@RequestMapping("/api/transactions/{xid}")
class ResolutionApi {
    /** A name, not a report: it is kept with the transaction. */
    private static final int MOST_CHARS_OF_BY = 200;

    private static final Logger log = LoggerFactory.getLogger(ResolutionApi.class);

    private final TransactionCoordinator coordinator;

    ResolutionApi(TransactionCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    /** @param by who decides, in whatever form; kept and shown */
    record Choice(@Nullable String resolution, @Nullable String by) {}

    /** What was accepted; what becomes of it is to be seen at the transaction. */
    record Accepted(String xid, @Nullable String branchId, Resolution resolution, String by) {}

    /** Resolves one branch. To repeat a request while the first is being carried out changes nothing. */
    @PostMapping("/branches/{branchId}/resolve")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted resolveBranch(@PathVariable String xid, @PathVariable String branchId, @RequestBody Choice choice) {
        return resolve(xid, number(branchId), choice);
    }

    /** What the same request without {@code preview} would do; nothing is done. */
    @PostMapping(path = "/branches/{branchId}/resolve", params = "preview=true")
    ResolutionPreview previewBranch(
            @PathVariable String xid,
            @PathVariable String branchId,
            @RequestParam boolean preview,
            @RequestBody Choice choice) {
        return preview(xid, number(branchId), choice);
    }

    /** Resolves every branch of the transaction that is stuck, or none when one of them cannot be resolved like this. */
    @PostMapping("/resolve")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted resolveAll(@PathVariable String xid, @RequestBody Choice choice) {
        return resolve(xid, null, choice);
    }

    /** What the same request without {@code preview} would do; nothing is done. */
    @PostMapping(path = "/resolve", params = "preview=true")
    ResolutionPreview previewAll(@PathVariable String xid, @RequestParam boolean preview, @RequestBody Choice choice) {
        return preview(xid, null, choice);
    }

    private ResolutionPreview preview(String xid, @Nullable Long branchId, Choice choice) {
        Command.Resolve command = new Command.Resolve(xid, branchId, resolution(choice), checkBy(choice.by()));
        ResolutionPreview preview = TransactionApi.answerOf(
                RequestedGroups.of(coordinator, xid).coordinator().ask(view -> ResolutionPreview.of(view, command)));
        Resolutions.Refusal unknown = preview.unknown();
        if (unknown != null) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND, unknown.reason());
        }
        return preview;
    }

    /** Who says so, as it is kept. */
    static String checkBy(@Nullable String by) {
        if (by != null && by.length() > MOST_CHARS_OF_BY) {
            throw new ResponseStatusException(
                    HttpStatus.BAD_REQUEST,
                    "'by' has " + by.length() + " characters; at most " + MOST_CHARS_OF_BY + " are kept");
        }
        return Objects.requireNonNullElse(by, "");
    }

    private Accepted resolve(String xid, @Nullable Long branchId, Choice choice) {
        Resolution resolution = resolution(choice);
        String by = checkBy(choice.by());
        Optional<Resolutions.Refusal> refusal = TransactionApi.answerOf(RequestedGroups.of(coordinator, xid)
                .coordinator()
                .resolve(new Command.Resolve(xid, branchId, resolution, by)));
        if (refusal.isPresent()) {
            throw new ResponseStatusException(
                    refusal.get().unknown() ? HttpStatus.NOT_FOUND : HttpStatus.CONFLICT,
                    refusal.get().reason());
        }
        // What is kept with the transaction goes when its outcome is forgotten; this stays.
        log.info(
                "Resolution accepted. xid={} branchId={} resolution={} by={}",
                xid,
                branchId == null ? "all" : branchId,
                resolution,
                by.replaceAll("\\p{Cntrl}", " "));
        return new Accepted(xid, branchId == null ? null : String.valueOf(branchId), resolution, by);
    }

    private static Resolution resolution(Choice choice) {
        return Arrays.stream(Resolution.values())
                .filter(each -> each.name().equals(choice.resolution()))
                .findFirst()
                .orElseThrow(() -> new ResponseStatusException(
                        HttpStatus.BAD_REQUEST,
                        "resolution is " + choice.resolution() + "; expected one of "
                                + Arrays.toString(Resolution.values())));
    }

    private static long number(String branchId) {
        try {
            return Long.parseLong(branchId);
        } catch (NumberFormatException e) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "branch id " + branchId + " is no number", e);
        }
    }
}

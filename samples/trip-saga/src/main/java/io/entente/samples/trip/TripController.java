package io.entente.samples.trip;

import io.entente.tm.saga.Saga;
import io.entente.tm.saga.SagaCompensatedException;
import io.entente.tm.saga.SagaProgress;
import io.entente.tm.saga.SagaResult;
import io.entente.tm.saga.SagaUnfinishedException;
import io.entente.tm.saga.Sagas;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.HttpClientErrorException;

/** Trips over HTTP. */
@RestController
class TripController {

    private final Sagas sagas;
    private final Saga<Trip> trip;
    private final Payments payments;

    TripController(Sagas sagas, Saga<Trip> trip, Payments payments) {
        this.sagas = sagas;
        this.trip = trip;
        this.payments = payments;
    }

    record Arranged(String xid, String traveller, String city) {}

    @PostMapping("/trips")
    Arranged arrange(@RequestBody Trip request) {
        SagaResult result = sagas.run(trip, request);
        return new Arranged(result.xid(), request.traveller(), request.city());
    }

    /** How far a trip is. */
    @GetMapping("/trips/{xid}")
    ResponseEntity<SagaProgress> progress(@PathVariable String xid) {
        return ResponseEntity.of(sagas.progress(xid));
    }

    @GetMapping("/trips")
    List<Payments.Payment> trips() {
        return payments.all();
    }

    /** The trip does not take place, and nothing of it is left. */
    @ExceptionHandler
    ProblemDetail compensated(SagaCompensatedException failure) {
        String why = failure.getCause() instanceof HttpClientErrorException refusal
                ? reasonOf(refusal)
                : String.valueOf(failure.getCause());
        return ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, failure.failedStep() + ": " + why);
    }

    private static String reasonOf(HttpClientErrorException refusal) {
        ProblemDetail reason = refusal.getResponseBodyAs(ProblemDetail.class);
        return reason == null ? refusal.toString() : String.valueOf(reason.getDetail());
    }

    /** It will end by itself; the traveller can ask how far it is. */
    @ExceptionHandler
    ProblemDetail unfinished(SagaUnfinishedException failure) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.ACCEPTED, failure.getMessage());
    }
}

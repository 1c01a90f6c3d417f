package io.entente.tm.saga;

import io.entente.testkit.EmbeddedCoordinator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;

/**
 * The world that sagas of these tests act upon: a car, a hotel and a flight that can be booked under a key. Booking and
 * cancelling twice changes nothing, and what was cancelled under a key cannot be booked under it any more.
 */
final class Trip {

    static final Step<Booking> CAR = Step.named("reserve car", Booking.class);
    static final Step<Booking> HOTEL = Step.named("book hotel", Booking.class);
    static final Step<Booking> FLIGHT = Step.named("book flight", Booking.class);
    static final Request LISBON = new Request("Lisbon", 3);

    record Request(String city, int nights) {}

    record Booking(String what, String city, String with) {}

    /** A step that fails. */
    static final class NoneLeft extends Exception {
        private static final long serialVersionUID = 1;

        NoneLeft(String what) {
            super("no " + what + " left");
        }
    }

    private final Map<String, Booking> bookings = new ConcurrentHashMap<>();
    private final Set<String> cancelled = ConcurrentHashMap.newKeySet();
    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private final List<String> log = new CopyOnWriteArrayList<>();

    void fail(String what) {
        failing.add(what);
    }

    void heal(String what) {
        failing.remove(what);
    }

    /** What was done, in this order: {@code +car}, {@code -car}. */
    List<String> log() {
        return log;
    }

    Set<String> booked() {
        return Set.copyOf(bookings.values().stream().map(Booking::what).toList());
    }

    int bookings() {
        return bookings.size();
    }

    Booking book(StepCall<Request> call, String what, String with) throws NoneLeft {
        log.add("+" + what);
        if (failing.contains(what)) {
            throw new NoneLeft(what);
        }
        Booking booking = new Booking(what, call.input().city(), with);
        if (cancelled.contains(call.key())) {
            throw new IllegalStateException(call.key() + " was cancelled before");
        }
        bookings.put(call.key(), booking);
        return booking;
    }

    void cancel(CompensationCall<Request, Booking> call, String what) throws NoneLeft {
        log.add("-" + what);
        if (failing.contains("cancel " + what)) {
            throw new NoneLeft("way to cancel " + what);
        }
        cancelled.add(call.key());
        bookings.remove(call.key());
    }

    /** Car, hotel and flight, undone when one fails. */
    Saga<Request> backward() {
        return Saga.named("trip", Request.class)
                .timeout(Duration.ofSeconds(60))
                .step(CAR, call -> book(call, "car", "nothing"))
                .compensate(call -> cancel(call, "car"))
                .step(HOTEL, call -> book(call, "hotel", call.result(CAR).what()))
                .compensate(call -> cancel(call, "hotel"))
                .step(
                        FLIGHT,
                        call -> book(
                                call,
                                "flight",
                                call.result(CAR).what() + call.result(HOTEL).what()))
                .compensate(call -> cancel(call, "flight"))
                .build();
    }

    /** A car only. */
    Saga<Request> drive() {
        return Saga.named("drive", Request.class)
                .step(CAR, call -> book(call, "car", "nothing"))
                .compensate(call -> cancel(call, "car"))
                .build();
    }

    /** As {@link #backward}, but after the hotel the flight is booked whatever it takes. */
    Saga<Request> forward() {
        return Saga.named("trip", Request.class)
                .timeout(Duration.ofSeconds(60))
                .step(CAR, call -> book(call, "car", "nothing"))
                .compensate(call -> cancel(call, "car"))
                .pivot(HOTEL, call -> book(call, "hotel", call.result(CAR).what()))
                .compensate(call -> cancel(call, "hotel"))
                .step(
                        FLIGHT,
                        call -> book(
                                call,
                                "flight",
                                call.result(CAR).what() + call.result(HOTEL).what()))
                .step("send ticket", call -> {
                    log.add("+ticket for " + call.result(FLIGHT).with());
                })
                .build();
    }

    /** Until the coordinator has no open transaction; lets time pass there, so that what hangs is tried anew. */
    static void awaitEnd(EmbeddedCoordinator coordinator) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    coordinator.advanceTime(Duration.ofSeconds(20));
                    return openTransactions(coordinator) == 0;
                });
    }

    static int openTransactions(EmbeddedCoordinator coordinator) {
        return coordinator
                .coordinator()
                .coordinator()
                .ask(view -> view.state().transactions().size())
                .join();
    }
}

package io.entente.tm.saga;

import static io.entente.tm.saga.Trip.LISBON;
import static org.assertj.core.api.Assertions.assertThat;

import io.entente.testkit.EmbeddedCoordinator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * An instance dies, or the coordinator restarts, at every point there is: what is left is a whole trip or none, nothing is
 * open at the coordinator, and another instance has seen to it.
 */
class SagaCrashTest {

    private enum Fault {
        INSTANCE_DIES,
        COORDINATOR_RESTARTS
    }

    private record Outcome(boolean reached, boolean answered, Trip trip, List<String> points) {}

    /** Where nothing is left to do, or the coordinator has heard of all. */
    private static final Set<String> ENDED = Set.of("BEFORE_REGISTER reserve car", "AFTER_DECISION trip");

    private static final Duration SHORT = Duration.ofSeconds(1);

    @Test
    void a_trip_that_succeeds_survives_a_death_at_every_point() {
        List<String> survived = enumerate(Fault.INSTANCE_DIES, "none", Trip::backward);
        // Before the decision is durable, a death leads back; after it, nothing is left to do.
        assertThat(survived)
                .contains(
                        "AFTER_REGISTER reserve car: none", "AFTER_RUN book flight: none", "AFTER_DECISION trip: all");
    }

    @Test
    void a_trip_that_fails_is_compensated_whoever_dies_while_doing_so() {
        List<String> survived = enumerate(Fault.INSTANCE_DIES, "flight", Trip::backward);
        assertThat(survived).contains("BEFORE_COMPENSATION book hotel: none", "AFTER_COMPENSATION reserve car: none");
        assertThat(survived).allMatch(each -> each.endsWith(": none"));
    }

    @Test
    void a_trip_with_a_pivot_goes_back_before_it_and_forward_behind_it() {
        List<String> survived = enumerate(Fault.INSTANCE_DIES, "none", Trip::forward);
        assertThat(survived)
                .contains(
                        "AFTER_REPORT book hotel: none",
                        "AFTER_DECISION trip: all",
                        "BEFORE_REGISTER book flight: all",
                        "AFTER_RUN book flight: all",
                        "BEFORE_END trip: all");
    }

    @Test
    void a_coordinator_that_restarts_at_any_point_of_a_trip_forgets_nothing() {
        List<String> points = enumerate(Fault.COORDINATOR_RESTARTS, "none", Trip::backward);
        assertThat(points).contains("AFTER_DECISION trip: all");
        points = enumerate(Fault.COORDINATOR_RESTARTS, "flight", Trip::backward);
        assertThat(points).allMatch(each -> each.endsWith(": none"));
        points = enumerate(Fault.COORDINATOR_RESTARTS, "none", Trip::forward);
        assertThat(points).contains("AFTER_RUN book flight: all");
    }

    /** Runs the saga once for each point it comes by, with a fault there; tells how each ended. */
    private static List<String> enumerate(Fault fault, String failing, Function<Trip, Saga<Trip.Request>> definition) {
        List<String> ends = new ArrayList<>();
        Map<String, Integer> attempts = new TreeMap<>();
        for (int at = 0; ; at++) {
            Outcome outcome = run(fault, at, failing, definition);
            if (!outcome.reached) {
                break;
            }
            String point = outcome.points.get(at);
            int bookings = outcome.trip.bookings();
            assertThat(bookings)
                    .as("%s at %s: %s", fault, point, outcome.trip.log())
                    .isIn(0, 3);
            if (point.equals("AFTER_REPORT book flight")) {
                assertThat(outcome.trip.log().stream().filter("+flight"::equals))
                        .as("what was reported is not done again")
                        .hasSize(1);
            }
            if (outcome.answered) {
                assertThat(bookings).as("run returned, %s at %s", fault, point).isEqualTo(3);
            }
            ends.add(point + (bookings == 3 ? ": all" : ": none"));
            attempts.merge(bookings == 3 ? "all" : "none", 1, Integer::sum);
        }
        System.out.println(fault + ", failing: " + failing + ": " + ends.size() + " points, " + attempts);
        assertThat(ends).hasSizeGreaterThan(14);
        return ends;
    }

    private static Outcome run(Fault fault, int at, String failing, Function<Trip, Saga<Trip.Request>> definition) {
        Trip trip = new Trip();
        trip.fail(failing);
        Saga<Trip.Request> saga = definition.apply(trip);
        AtomicInteger passed = new AtomicInteger();
        boolean answered;
        List<String> points;
        boolean reached;
        try (EmbeddedCoordinator coordinator = EmbeddedCoordinator.start();
                Instance other = Instance.start(coordinator, definition.apply(trip));
                Faulty first = new Faulty(coordinator, fault, at, passed, saga)) {
            answered = first.run();
            Trip.awaitEnd(coordinator);
            points = first.instance.points();
            reached = passed.get() > at;
            if (reached && fault == Fault.INSTANCE_DIES && !ENDED.contains(points.get(at)) && at > 1) {
                assertThat(other.points()).as("who saw to it after %s", points).isNotEmpty();
            }
        }
        return new Outcome(reached, answered, trip, points);
    }

    /** The instance that meets the fault. */
    private static final class Faulty implements AutoCloseable {

        private final Saga<Trip.Request> saga;
        private final Instance instance;

        Faulty(EmbeddedCoordinator coordinator, Fault fault, int at, AtomicInteger passed, Saga<Trip.Request> saga) {
            this.saga = saga;
            Instance[] self = new Instance[1];
            instance = Instance.start(
                    coordinator,
                    SHORT,
                    point -> {
                        if (passed.getAndIncrement() == at) {
                            if (fault == Fault.INSTANCE_DIES) {
                                self[0].die();
                            } else {
                                coordinator.restart();
                            }
                        }
                    },
                    saga);
            self[0] = instance;
        }

        boolean run() {
            try {
                instance.sagas().run(saga, LISBON);
                return true;
            } catch (RuntimeException | Instance.Died e) {
                return false;
            }
        }

        @Override
        public void close() {
            instance.close();
        }
    }
}

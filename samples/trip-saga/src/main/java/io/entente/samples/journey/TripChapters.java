package io.entente.samples.journey;

import io.entente.samples.story.Answer;
import io.entente.samples.story.Chapter;
import io.entente.samples.story.Chapters;
import io.entente.samples.story.JavaProcess;
import io.entente.samples.story.Landscape;
import io.entente.samples.story.Narrator;
import io.entente.samples.story.Ports;
import io.entente.samples.story.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;

/** The five chapters. */
final class TripChapters {

    private static final String BOOKINGS = "bookings";
    private static final String TICKETS = "tickets";

    private final Chapters<TripTables> chapters;
    private final Landscape landscape;
    private final Narrator narrator;

    TripChapters(Chapters<TripTables> chapters) {
        this.chapters = chapters;
        this.landscape = chapters.landscape();
        this.narrator = chapters.narrator();
    }

    void tell() {
        works();
        noFlightIsLeft();
        hotelIsFlaky();
        tripServiceIsKilled();
        tripServiceIsKilledBehindThePivot();
    }

    private void works() {
        Chapter<TripTables> chapter = chapters.begin("A trip that works");
        chapter.say(
                "Ann goes to Lisbon: reserve a car, book a hotel, book a flight, pay, send the ticket. Before a step"
                        + " runs, the coordinator knows it, with all that is needed to undo it. The flight takes a moment, so that"
                        + " we can ask the trip service how far it is.");
        trouble(chapter, TripSample.FLIGHT, BOOKINGS, "{\"slowMillis\":1500}");
        CompletableFuture<Answer> ann = trip(chapter, "ann", "lisbon");
        String xid = chapter.awaitXid();
        chapter.awaitTables(tables -> tables.hasBooked("ann", TripSample.HOTEL));
        progress("in between", TripSample.TRIP, xid);
        Answer answer = chapter.answered("answer", ann);
        progress("afterwards", TripSample.TRIP, xid);
        chapter.end(answer.isDone(), "car, hotel and flight are booked, paid, and the ticket is sent");
    }

    private void noFlightIsLeft() {
        Chapter<TripTables> chapter = chapters.begin("No flight is left");
        chapter.say(
                "Ben goes to Oslo, where no flight goes any more. What he has by then is undone, the last step first:"
                        + " the hotel, then the car.");
        TripTables before = tables();
        Answer answer = chapter.answered("answer", trip(chapter, "ben", "oslo"));
        narrator.lines("undone", tables().eventsSince(before));
        chapter.end(answer.isNotDone(), "hotel and car were cancelled, in this order");
    }

    private void hotelIsFlaky() {
        Chapter<TripTables> chapter = chapters.begin("A flaky hotel");
        chapter.say("The hotel is out of order for the next two requests. The saga says retry(Retry.times(3)) for this"
                + " step, so it is asked again, with the same idempotency key, before anything is undone.");
        trouble(chapter, TripSample.HOTEL, BOOKINGS, "{\"refuse\":2}");
        trouble(chapter, TripSample.FLIGHT, BOOKINGS, "{\"slowMillis\":1500}");
        CompletableFuture<Answer> cleo = trip(chapter, "cleo", "lisbon");
        String xid = chapter.awaitXid();
        chapter.awaitTables(tables -> tables.hasBooked("cleo", TripSample.HOTEL));
        progress("in between", TripSample.TRIP, xid);
        Answer answer = chapter.answered("answer", cleo);
        chapter.end(answer.isDone(), "the hotel was asked three times and booked once");
    }

    private void tripServiceIsKilled() {
        Chapter<TripTables> chapter = chapters.begin("The trip service is killed in the middle");
        chapter.say(
                "Dan goes to Lisbon, and the flight takes 3 seconds to book. Meanwhile the trip service is killed with"
                        + " SIGKILL. The flight is booked all the same, and nobody is there to hear of it. After 10 seconds the"
                        + " coordinator gives the trip up, and has it undone by the trip service, which is back by then.");
        trouble(chapter, TripSample.FLIGHT, BOOKINGS, "{\"slowMillis\":3000}");
        TripTables before = tables();
        CompletableFuture<Answer> dan = trip(chapter, "dan", "lisbon");
        String xid = chapter.awaitXid();
        chapter.awaitTables(tables -> tables.hasBooked("dan", TripSample.HOTEL));
        chapter.kill(landscape.service(TripSample.TRIP));
        Answer answer = chapter.answered("answer", dan);
        chapter.awaitTables(tables -> tables.hasBooked("dan", TripSample.FLIGHT));
        narrator.lines("booked", tables().eventsSince(before));
        chapter.restart(landscape.service(TripSample.TRIP));
        progress("in between", TripSample.TRIP, xid);
        chapter.awaitTables(tables -> !tables.hasBooked("dan", TripSample.CAR));
        narrator.lines("undone", tables().eventsSince(before));
        chapter.end(!answer.isDone() && !answer.isNotDone(), "restarted, it undid what it had done");
    }

    private void tripServiceIsKilledBehindThePivot() {
        Chapter<TripTables> chapter = chapters.begin("The trip service is killed behind the pivot");
        chapter.say(
                "Eve goes to Lisbon and pays; from then on there is no way back, only forward. But tickets are out of"
                        + " order, and while the saga tries again and again, the trip service is killed. There is a second"
                        + " instance of it now, which the coordinator asks to carry on; and then tickets work again.");
        JavaProcess second = landscape.anotherInstance(TripSample.TRIP, Ports.free());
        second.start();
        second.awaitReady();
        narrator.blank();
        narrator.line("started", second.name() + ", pid " + second.pid());
        trouble(chapter, TripSample.FLIGHT, TICKETS, "{\"refuse\":1000000}");
        CompletableFuture<Answer> eve = trip(chapter, "eve", "lisbon");
        String xid = chapter.awaitXid();
        chapter.awaitTables(tables -> tables.hasPaid(xid));
        progress("in between", TripSample.TRIP, xid);
        chapter.kill(landscape.service(TripSample.TRIP));
        Answer answer = chapter.answered("answer", eve);
        trouble(chapter, TripSample.FLIGHT, TICKETS, "{\"refuse\":0}");
        chapter.awaitTables(tables -> tables.isWhole(xid));
        narrator.line("ticket", "sent by " + second.name() + ", the only instance that is left");
        chapter.restart(landscape.service(TripSample.TRIP));
        chapter.end(!answer.isDone() && !answer.isNotDone(), "the second instance sent the ticket, once");
    }

    private TripTables tables() {
        return TripTables.read(landscape.databases());
    }

    private CompletableFuture<Answer> trip(Chapter<TripTables> chapter, String traveller, String city) {
        return chapter.post(
                TripSample.TRIP, "/trips", "{\"traveller\":\"" + traveller + "\",\"city\":\"" + city + "\"}");
    }

    /** Makes a provider behave badly, and says so. */
    private static void trouble(Chapter<TripTables> chapter, Service provider, String what, String wish) {
        if (!chapter.post(provider, "/trouble/" + what, wish).join().isDone()) {
            throw new IllegalStateException(provider.name() + " does not know how to " + wish);
        }
    }

    /** How far a trip is, as the trip service says. */
    private void progress(String label, Service trip, String xid) {
        JsonNode saga = landscape.caller(trip).get("/trips/" + xid).join().body();
        List<String> lines = new ArrayList<>();
        lines.add("GET /trips/" + xid + ": " + saga.path("phase").asString());
        for (JsonNode step : saga.path("steps")) {
            lines.add("  " + Narrator.pad(step.path("name").asString(), 13)
                    + Narrator.pad(step.path("state").asString(), 9)
                    + "attempts: " + step.path("attempts").asInt());
            String error = step.path("lastError").asString("");
            if (!error.isEmpty()) {
                lines.add("  error: " + withoutClassAndBody(error));
            }
        }
        narrator.lines(label, lines);
    }

    /** Without the class of the exception in front, and without the body of the answer behind. */
    private static String withoutClassAndBody(String error) {
        String[] parts = error.split(": ", 3);
        return parts[Math.min(1, parts.length - 1)];
    }
}

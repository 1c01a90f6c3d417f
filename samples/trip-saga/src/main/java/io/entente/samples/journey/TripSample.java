package io.entente.samples.journey;

import io.entente.samples.provider.ProviderApplication;
import io.entente.samples.story.Chapters;
import io.entente.samples.story.Finding;
import io.entente.samples.story.Landscape;
import io.entente.samples.story.Pane;
import io.entente.samples.story.RunningDatabases;
import io.entente.samples.story.Sample;
import io.entente.samples.story.Service;
import io.entente.samples.story.Story;
import io.entente.samples.trip.TripApplication;
import java.util.List;

/** Trips with a car, a hotel and a flight, of three providers with a database each. */
public final class TripSample implements Sample<TripTables> {

    static final Service CAR = provider("car", 8082);
    static final Service HOTEL = provider("hotel", 8083);
    static final Service FLIGHT = provider("flight", 8084);
    static final List<Service> PROVIDERS = List.of(CAR, HOTEL, FLIGHT);
    static final Service TRIP =
            new Service("trip", TripApplication.class, 8081, "trip", "/trips").calling(CAR, HOTEL, FLIGHT);

    /** See {@link Story} for the settings. */
    public static void main(String[] arguments) {
        Story.main(TripSample::new);
    }

    private static Service provider(String name, int port) {
        return new Service(name, ProviderApplication.class, port, name, "/bookings")
                .with("--spring.application.name=" + name);
    }

    @Override
    public String title() {
        return "one trip, three providers: all of it, or each step undone";
    }

    @Override
    public List<Service> services() {
        return List.of(TRIP, CAR, HOTEL, FLIGHT);
    }

    @Override
    public TripTables read(RunningDatabases databases) {
        return TripTables.read(databases);
    }

    @Override
    public List<Pane> panes(TripTables tables) {
        return tables.panes();
    }

    @Override
    public List<Finding> rules(TripTables initial, TripTables now) {
        return List.of(now.vacanciesAreConserved(initial), now.everyTripIsWhole(), now.undoneInReverseOrder());
    }

    @Override
    public List<Finding> leftovers(TripTables now) {
        // Everything that is left belongs to a trip, or is the mark of a cancellation.
        return List.of();
    }

    @Override
    public void tell(Chapters<TripTables> chapters) {
        new TripChapters(chapters).tell();
    }

    @Override
    public List<String> invitation(Landscape landscape) {
        return List.of(
                "# make the next ticket take long, and a trip; meanwhile kill the trip service, if you like",
                "curl -H 'Content-Type: application/json' " + landscape.url(FLIGHT)
                        + "/trouble/tickets -d '{\"slowMillis\":10000}'",
                "curl -H 'Content-Type: application/json' " + landscape.url(TRIP)
                        + "/trips -d '{\"traveller\":\"you\",\"city\":\"lisbon\"}'",
                "# how far it is, with the xid from the coordinator",
                "curl " + landscape.url(TRIP) + "/trips/<xid>");
    }
}

package io.entente.samples.journey;

import io.entente.samples.story.Finding;
import io.entente.samples.story.Narrator;
import io.entente.samples.story.Pane;
import io.entente.samples.story.RunningDatabases;
import io.entente.samples.story.Service;
import io.entente.samples.story.ServiceDatabase;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the four databases hold.
 *
 * @param vacancies what is free, by provider and city
 * @param bookings at all providers, in the order of their last changes
 * @param parts of each trip, by its global transaction: what is booked, paid and sent
 */
record TripTables(
        Map<String, SortedMap<String, Integer>> vacancies, List<BookingRow> bookings, Map<String, List<String>> parts) {

    private static final int VACANCIES_WIDTH = 16;
    private static final int BOOKINGS_WIDTH = 36;
    private static final int NEWEST_BOOKINGS = 6;
    private static final List<String> WHOLE = List.of("car", "flight", "hotel", "payment", "ticket");
    private static final List<String> ORDER_OF_UNDOING = List.of("flight", "hotel", "car");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

    record BookingRow(
            String provider, String key, String city, String traveller, String status, LocalDateTime changedAt) {

        private String line() {
            return Narrator.pad(provider, 7) + Narrator.pad(city, 7) + Narrator.pad(traveller, 6) + status;
        }

        boolean isBooked() {
            return status.equals("BOOKED");
        }

        boolean isCancelled() {
            return status.equals("CANCELLED");
        }

        /** For a person, in the order of what happened. */
        String event() {
            return TIME.format(changedAt) + "  " + Narrator.pad(provider, 7) + status.toLowerCase(Locale.ROOT);
        }
    }

    static TripTables read(RunningDatabases databases) {
        Map<String, SortedMap<String, Integer>> vacancies = new LinkedHashMap<>();
        List<BookingRow> bookings = new ArrayList<>();
        Map<String, List<String>> parts = new HashMap<>();
        for (Service provider : TripSample.PROVIDERS) {
            try (ServiceDatabase database = databases.open(provider)) {
                SortedMap<String, Integer> free = new TreeMap<>();
                database.query("SELECT city, free FROM vacancy", row -> free.put(row.getString(1), row.getInt(2)));
                vacancies.put(provider.name(), free);
                bookings.addAll(database.query(
                        "SELECT booking_key, city, traveller, status, changed_at FROM booking",
                        row -> new BookingRow(
                                provider.name(),
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                row.getTimestamp(5).toLocalDateTime())));
                database.query("SELECT ticket_key FROM ticket", row -> add(parts, row.getString(1), "ticket"));
            }
        }
        bookings.sort(Comparator.comparing(BookingRow::changedAt));
        bookings.stream()
                .filter(BookingRow::isBooked)
                .forEach(booking -> add(parts, booking.key(), booking.provider()));
        try (ServiceDatabase database = databases.open(TripSample.TRIP)) {
            database.query("SELECT payment_key FROM payment", row -> add(parts, row.getString(1), "payment"));
        }
        return new TripTables(vacancies, bookings, parts);
    }

    /** A key begins with the global transaction. */
    private static boolean add(Map<String, List<String>> parts, String key, String part) {
        return parts.computeIfAbsent(tripOf(key), trip -> new ArrayList<>()).add(part);
    }

    private static String tripOf(String key) {
        return key.substring(0, key.indexOf('/'));
    }

    List<Pane> panes() {
        List<Pane> panes = new ArrayList<>();
        vacancies.forEach((provider, free) -> {
            List<String> lines = new ArrayList<>();
            free.forEach((city, count) -> lines.add(Narrator.pad(city, 7) + String.format("%3d", count)));
            panes.add(new Pane("free: " + provider, VACANCIES_WIDTH, lines, Integer.MAX_VALUE));
        });
        panes.add(Pane.newest(
                NEWEST_BOOKINGS,
                "bookings",
                BOOKINGS_WIDTH,
                bookings.stream().map(BookingRow::line).toList()));
        return panes;
    }

    Finding vacanciesAreConserved(TripTables initial) {
        SortedMap<String, Integer> taken = new TreeMap<>();
        bookings.stream()
                .filter(BookingRow::isBooked)
                .forEach(booking -> taken.merge(booking.provider() + "/" + booking.city(), 1, Integer::sum));
        return Finding.conserved("free + booked of each provider = what there was", initial.free(), free(), taken);
    }

    private SortedMap<String, Integer> free() {
        SortedMap<String, Integer> free = new TreeMap<>();
        vacancies.forEach(
                (provider, cities) -> cities.forEach((city, count) -> free.put(provider + "/" + city, count)));
        return free;
    }

    Finding everyTripIsWhole() {
        Map<String, List<String>> halves = new TreeMap<>();
        parts.forEach((trip, present) -> {
            if (!present.stream().sorted().toList().equals(WHOLE)) {
                halves.put(trip, present);
            }
        });
        return new Finding(
                "every trip is booked three times, paid and sent, once each",
                halves.isEmpty(),
                halves.isEmpty() ? "whole trips: " + parts.size() : halves.toString());
    }

    /** Within each trip the flight is cancelled before the hotel, and the hotel before the car. */
    Finding undoneInReverseOrder() {
        Map<String, List<String>> undone = bookings.stream()
                .filter(BookingRow::isCancelled)
                .collect(Collectors.groupingBy(
                        booking -> tripOf(booking.key()),
                        Collectors.mapping(BookingRow::provider, Collectors.toList())));
        List<List<String>> wrong = undone.values().stream()
                .filter(providers -> !providers.equals(providers.stream()
                        .sorted(Comparator.comparing(ORDER_OF_UNDOING::indexOf))
                        .toList()))
                .toList();
        return new Finding(
                "what was undone, was undone in reverse order",
                wrong.isEmpty(),
                wrong.isEmpty() ? "undone trips: " + undone.size() : wrong.toString());
    }

    /** What happened since {@code before}, for a person. */
    List<String> eventsSince(TripTables before) {
        return bookings.stream()
                .filter(booking -> !before.bookings.contains(booking))
                .map(BookingRow::event)
                .toList();
    }

    boolean hasBooked(String traveller, Service provider) {
        return bookings.stream()
                .anyMatch(booking -> booking.isBooked()
                        && booking.traveller().equals(traveller)
                        && booking.provider().equals(provider.name()));
    }

    boolean hasPaid(String xid) {
        return parts.getOrDefault(xid, List.of()).contains("payment");
    }

    boolean isWhole(String xid) {
        return parts.getOrDefault(xid, List.of()).stream().sorted().toList().equals(WHOLE);
    }
}

package io.entente.samples.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.samples.story.Answer;
import io.entente.samples.story.Caller;
import io.entente.samples.story.Finding;
import io.entente.samples.story.Invariants;
import io.entente.samples.story.Kills;
import io.entente.samples.story.Landscape;
import io.entente.samples.story.Load;
import io.entente.samples.story.Ports;
import io.entente.samples.story.Service;
import io.entente.samples.story.ServiceDatabase;
import io.entente.samples.story.StorySettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** No money appears or vanishes when the coordinator or a bank is killed with SIGKILL, at whatever moment. */
final class KillTest {

    private static final int KILLS_OF_EACH = 2;
    private static final int CUSTOMERS = 6;
    private static final int RICH = 1_000_000;

    /** So little that most transfers from here have to fail. */
    private static final int POOR = 50;

    private final TransferSample sample = new TransferSample();

    @Test
    void a_load_of_transfers_survives_kills_at_random_moments() throws Exception {
        long seed = Long.getLong("sample.seed", System.nanoTime());
        Random random = new Random(seed);
        StorySettings settings =
                StorySettings.of(sample, Map.of(Ports.SETTING, "random")).inDirectory("kill-test");
        try (Landscape landscape =
                new Landscape(settings, sample.services(), List.of("--entente.tc.retry-most=2s"), List.of())) {
            landscape.start();
            openAccounts(landscape, TransferSample.NORTH, "n");
            openAccounts(landscape, TransferSample.SOUTH, "s");
            Invariants<TransferTables> invariants = new Invariants<>(sample, landscape);
            Caller north = landscape.caller(TransferSample.NORTH);
            Caller south = landscape.caller(TransferSample.SOUTH);
            Kills kills = new Kills(landscape, random)
                    .of(landscape.coordinator(), KILLS_OF_EACH)
                    .of(landscape.service(TransferSample.NORTH), KILLS_OF_EACH)
                    .of(landscape.service(TransferSample.SOUTH), KILLS_OF_EACH);
            Load load = Load.start((number, chance) -> transfer(north, south, number, chance), random.nextLong());
            Map<String, Integer> killed;
            try {
                killed = kills.under(load);
            } finally {
                load.end();
            }
            System.out.printf(
                    "KillTest, seed %d (repeat with -Dsample.seed): kills %s; transfers %s%n",
                    seed, killed, load.outcomes());
            assertThat(invariants.check()).allMatch(Finding::holds);
            assertThatAnswersWereTrue(load, landscape);
            assertThat(load.done())
                    .as("transfers that were answered with success")
                    .hasSizeGreaterThanOrEqualTo(30);
            assertThat(load.notDone()).as("transfers that were refused").isNotEmpty();
        }
    }

    /** The last customer has little. */
    private static void openAccounts(Landscape landscape, Service bank, String prefix) {
        String rows = IntStream.range(0, CUSTOMERS)
                .mapToObj(i -> "('" + prefix + i + "', " + (i < CUSTOMERS - 1 ? RICH : POOR) + ", 0, 0)")
                .collect(Collectors.joining(", "));
        try (ServiceDatabase database = landscape.databases().open(bank)) {
            database.execute("INSERT INTO account (owner, balance, frozen, announced) VALUES " + rows);
        }
    }

    /** In either direction, so that each bank leads some transfers and only takes part in others. */
    private static Answer transfer(Caller north, Caller south, int number, Random random) {
        boolean northward = random.nextBoolean();
        int amount = 1 + random.nextInt(40);
        String to = String.valueOf(random.nextInt(CUSTOMERS));
        String from = String.valueOf(random.nextInt(CUSTOMERS));
        Order order = northward
                ? Order.of("L" + number, "s" + from, "n" + to, amount).at(TransferSample.SOUTH)
                : Order.of("L" + number, "n" + from, "s" + to, amount);
        Order checked =
                (random.nextInt(5) == 0 ? order.withPurpose("lottery") : order).withCheckMillis(random.nextInt(80));
        return (northward ? south : north).post(checked.path(), checked.body()).join();
    }

    /** What a client was told is true; what it was not told may be either way. */
    private void assertThatAnswersWereTrue(Load load, Landscape landscape) {
        Set<String> booked = sample.read(landscape.databases()).bookings().stream()
                .map(TransferTables.BookingRow::reference)
                .collect(Collectors.toSet());
        assertThat(references(load.done().keySet()))
                .filteredOn(reference -> !booked.contains(reference))
                .as("answered with success, but not booked")
                .extracting(reference -> story(reference, load, landscape))
                .isEmpty();
        assertThat(references(load.notDone()))
                .filteredOn(booked::contains)
                .as("answered with a refusal, but booked")
                .extracting(reference -> story(reference, load, landscape))
                .isEmpty();
    }

    /** All that is known about a transfer. */
    private static String story(String reference, Load load, Landscape landscape) {
        List<String> logged = landscape.logged("Transfer " + reference + ":");
        Answer answer = load.done().get(Integer.parseInt(reference.substring(1)));
        String outcomes = logged.stream()
                .map(line -> outcome(line.substring(line.indexOf("xid=") + "xid=".length()), landscape))
                .toList()
                .toString();
        return reference + ": answered with " + (answer == null ? "a refusal" : answer.text()) + "; logged: " + logged
                + "; at the coordinator: " + outcomes;
    }

    private static String outcome(String xid, Landscape landscape) {
        try {
            return landscape.coordinatorApi().outcome(xid).orElse("unknown");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> references(Collection<Integer> numbers) {
        return numbers.stream().map(number -> "L" + number).toList();
    }
}

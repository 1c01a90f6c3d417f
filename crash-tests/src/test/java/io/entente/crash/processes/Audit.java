package io.entente.crash.processes;

import static org.awaitility.Awaitility.await;

import io.entente.crash.Site;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionTimeoutException;

/** What has to hold when the faults are over. */
final class Audit {
    /** The longest pause of phase two is half a minute, and payments of the dead have to time out first. */
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private static final int MOST_COMPARED = 600;

    private final Landscape landscape;
    private final ClusterApi api;
    private final Map<String, Payment> asked;
    private final List<String> problems = new ArrayList<>();

    /** @param asked all payments that there can be */
    Audit(Landscape landscape, ClusterApi api, Map<String, Payment> asked) {
        this.landscape = landscape;
        this.api = api;
        this.asked = asked;
    }

    /** @return what does not hold; empty when all is well */
    List<String> problems() throws IOException, SQLException {
        Map<String, Told> told = landscape.told();
        everythingEnds();
        nothingIsLeft();
        Map<String, Map<String, Integer>> bookings = new HashMap<>();
        for (String service : landscape.services()) {
            bookings.put(service, bookings(landscape.site(service)));
        }
        balancesAreTheSumOfTheirBookings(bookings);
        paymentsAreWholeAndAsTold(bookings, told);
        membersAgree(told);
        return problems;
    }

    private void everythingEnds() {
        try {
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(() -> {
                String leader = api.leaderNow();
                return leader != null && api.total(leader, "/api/transactions") == 0;
            });
        } catch (ConditionTimeoutException e) {
            problems.add("transactions that do not end: " + api.get(api.leader(), "/api/transactions?limit=20"));
        }
    }

    private void nothingIsLeft() throws SQLException {
        try {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> remains().isEmpty());
        } catch (ConditionTimeoutException e) {
            problems.addAll(remains());
        }
    }

    private List<String> remains() throws SQLException {
        List<String> remains = new ArrayList<>();
        for (String service : landscape.services()) {
            remains.addAll(remains(landscape.site(service)));
        }
        return remains;
    }

    private static List<String> remains(Site site) throws SQLException {
        List<String> remains = new ArrayList<>(site.remains());
        int frozen = site.number("SELECT COUNT(*) FROM account WHERE frozen <> 0");
        if (frozen != 0) {
            remains.add(site.name() + ": accounts with frozen money: " + frozen);
        }
        return remains;
    }

    /** By {@code payment/account}. */
    private static Map<String, Integer> bookings(Site site) throws SQLException {
        return numbers(site, "SELECT booking_key, amount FROM booking");
    }

    private static Map<String, Integer> numbers(Site site, String sql) throws SQLException {
        Map<String, Integer> numbers = new HashMap<>();
        try (Connection connection = site.plain().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                numbers.put(rows.getString(1), rows.getInt(2));
            }
        }
        return numbers;
    }

    private void balancesAreTheSumOfTheirBookings(Map<String, Map<String, Integer>> bookings) throws SQLException {
        long sum = 0;
        int accounts = 0;
        for (String service : landscape.services()) {
            Map<String, Integer> balances = numbers(landscape.site(service), "SELECT id, balance FROM account");
            for (Map.Entry<String, Integer> account : balances.entrySet()) {
                int booked = of(bookings, service).entrySet().stream()
                        .filter(booking -> booking.getKey().endsWith("/" + account.getKey()))
                        .mapToInt(Map.Entry::getValue)
                        .sum();
                if (account.getValue() != Landscape.START_BALANCE + booked) {
                    problems.add(service + ": " + account.getKey() + " has " + account.getValue()
                            + ", and its bookings make " + (Landscape.START_BALANCE + booked));
                }
                sum += account.getValue();
                accounts++;
            }
        }
        if (sum != (long) accounts * Landscape.START_BALANCE) {
            problems.add("there were " + (long) accounts * Landscape.START_BALANCE + " in all, and there are " + sum);
        }
    }

    private static Map<String, Integer> of(Map<String, Map<String, Integer>> bookings, String service) {
        return bookings.getOrDefault(service, Map.of());
    }

    private void paymentsAreWholeAndAsTold(Map<String, Map<String, Integer>> bookings, Map<String, Told> told) {
        for (Payment payment : asked.values()) {
            boolean paid = isBooked(bookings, payment, payment.payer());
            boolean received = isBooked(bookings, payment, payment.payee());
            Told known = told.get(payment.id());
            if (paid != received) {
                problems.add(
                        "half of it is there: paid " + paid + ", received " + received + ": " + payment + " " + known);
            }
            if ((paid || received) && payment.ending() == Payment.Ending.DECLINE) {
                problems.add("committed although declined: " + payment + " " + known);
            }
            if (known != null && known.outcome() == Told.Outcome.COMMITTED && !(paid && received)) {
                problems.add("told committed, and it is lost: " + payment + " " + known);
            }
            if (known != null && known.outcome() == Told.Outcome.ROLLED_BACK && (paid || received)) {
                problems.add("told rolled back, and it stays: " + payment + " " + known);
            }
        }
    }

    private static boolean isBooked(Map<String, Map<String, Integer>> bookings, Payment payment, Payment.Leg leg) {
        Integer amount = of(bookings, leg.service()).get(payment.id() + "/" + leg.account());
        return amount != null && amount == leg.amount();
    }

    /** Each leads in its turn, and says then what it knows. */
    private void membersAgree(Map<String, Told> told) throws IOException {
        List<Told> some =
                told.values().stream().filter(each -> !each.xid().isEmpty()).toList();
        List<Told> compared = some.subList(Math.max(0, some.size() - MOST_COMPARED), some.size());
        Map<String, String> first = new HashMap<>();
        for (String member : landscape.members()) {
            api.awaitLead(member);
            long open = api.total(member, "/api/transactions");
            long locks = api.total(member, "/api/locks");
            if (open != 0 || locks != 0) {
                problems.add(member + " has " + open + " open transactions and " + locks + " row locks: "
                        + api.get(member, "/api/locks?limit=10"));
            }
            for (Told each : compared) {
                String phase = api.phase(member, each.xid());
                String before = first.putIfAbsent(each.xid(), phase);
                if (before != null && !before.equals(phase)) {
                    problems.add("members differ: " + each + " is " + before + ", and at " + member + " " + phase);
                }
                if (each.outcome() != Told.Outcome.UNKNOWN
                        && (each.outcome() == Told.Outcome.COMMITTED) != phase.equals("COMMITTED")) {
                    problems.add(member + " says " + phase + " of " + each);
                }
            }
        }
    }
}

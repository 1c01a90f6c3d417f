package io.entente.samples.transfer;

import io.entente.samples.story.Finding;
import io.entente.samples.story.Narrator;
import io.entente.samples.story.Pane;
import io.entente.samples.story.RunningDatabases;
import io.entente.samples.story.Service;
import io.entente.samples.story.ServiceDatabase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the two databases hold.
 *
 * @param accounts of both banks
 * @param bookings of both banks, each in the order in which they were made
 * @param fenceRows rows of {@code tcc_fence_log} at both banks, by status
 */
record TransferTables(List<AccountRow> accounts, List<BookingRow> bookings, Map<Integer, Integer> fenceRows) {

    private static final int ACCOUNTS_WIDTH = 30;
    private static final int BOOKINGS_WIDTH = 24;
    private static final int NEWEST_BOOKINGS = 4;

    /** The status of a fence row whose branch was neither confirmed nor cancelled. */
    private static final int TRIED = 1;

    record AccountRow(String bank, String owner, int balance, int frozen, int announced) {

        private String line() {
            return Narrator.pad(owner, 6) + String.format("%7d%7d%7d", balance, frozen, announced);
        }

        String name() {
            return owner + "@" + bank;
        }
    }

    record BookingRow(String bank, String reference, String owner, int amount) {

        private String line() {
            return Narrator.pad(reference, 5) + Narrator.pad(owner + "@" + bank, 12) + String.format("%5d", amount);
        }
    }

    static TransferTables read(RunningDatabases databases) {
        List<AccountRow> accounts = new ArrayList<>();
        List<BookingRow> bookings = new ArrayList<>();
        Map<Integer, Integer> fenceRows = new TreeMap<>();
        for (Service bank : List.of(TransferSample.NORTH, TransferSample.SOUTH)) {
            try (ServiceDatabase database = databases.open(bank)) {
                accounts.addAll(database.query(
                        "SELECT owner, balance, frozen, announced FROM account ORDER BY owner",
                        row -> new AccountRow(
                                bank.name(), row.getString(1), row.getInt(2), row.getInt(3), row.getInt(4))));
                bookings.addAll(database.query(
                        "SELECT reference, owner, amount FROM booking",
                        row -> new BookingRow(bank.name(), row.getString(1), row.getString(2), row.getInt(3))));
                database.query(
                        "SELECT status, COUNT(*) FROM tcc_fence_log GROUP BY status",
                        row -> fenceRows.merge(row.getInt(1), row.getInt(2), Integer::sum));
            }
        }
        return new TransferTables(accounts, bookings, fenceRows);
    }

    List<Pane> panes() {
        return List.of(
                accountsOf(TransferSample.NORTH),
                accountsOf(TransferSample.SOUTH),
                Pane.newest(
                        NEWEST_BOOKINGS,
                        "booked",
                        BOOKINGS_WIDTH,
                        bookings.stream()
                                .sorted((a, b) -> a.reference().compareTo(b.reference()))
                                .map(BookingRow::line)
                                .toList()));
    }

    private Pane accountsOf(Service bank) {
        List<String> lines = accounts.stream()
                .filter(account -> account.bank().equals(bank.name()))
                .map(AccountRow::line)
                .toList();
        return new Pane(
                Narrator.pad(bank.name(), 6) + "balance frozen coming", ACCOUNTS_WIDTH, lines, Integer.MAX_VALUE);
    }

    private SortedMap<String, Integer> balances() {
        SortedMap<String, Integer> balances = new TreeMap<>();
        accounts.forEach(account -> balances.put(account.name(), account.balance()));
        return balances;
    }

    private int money() {
        return accounts.stream()
                .mapToInt(account -> account.balance() + account.frozen())
                .sum();
    }

    Finding moneyIsConserved(TransferTables initial) {
        boolean holds = money() == initial.money();
        return new Finding(
                "no money has appeared or vanished",
                holds,
                holds ? money() + " in both banks" : "there were " + initial.money() + " and now there are " + money());
    }

    Finding statementsExplainBalances(TransferTables initial) {
        Map<String, Integer> gone = new HashMap<>();
        bookings.forEach(
                booking -> gone.merge(booking.owner() + "@" + booking.bank(), -booking.amount(), Integer::sum));
        return Finding.conserved(
                "balance - bookings of each account = its first balance", initial.balances(), balances(), gone);
    }

    /** Booked at both banks, and at each of them once. */
    Finding everyTransferIsWhole() {
        Map<String, List<BookingRow>> transfers =
                bookings.stream().collect(Collectors.groupingBy(BookingRow::reference));
        List<List<BookingRow>> wrong = transfers.values().stream()
                .filter(pair -> pair.size() != 2
                        || pair.get(0).bank().equals(pair.get(1).bank())
                        || pair.get(0).amount() + pair.get(1).amount() != 0)
                .toList();
        return new Finding(
                "every transfer is booked at both banks, once",
                wrong.isEmpty(),
                wrong.isEmpty() ? transfers.size() + " transfers" : wrong.toString());
    }

    /** Whether something is frozen at one bank and something announced at the other. */
    boolean isTriedAtBothBanks() {
        return accounts.stream().anyMatch(account -> account.frozen() > 0)
                && accounts.stream().anyMatch(account -> account.announced() > 0);
    }

    Finding nothingIsPromised() {
        List<AccountRow> promised = accounts.stream()
                .filter(account -> account.frozen() != 0 || account.announced() != 0)
                .toList();
        return new Finding(
                "nothing is frozen or still coming",
                promised.isEmpty(),
                promised.isEmpty() ? "0 at " + accounts.size() + " accounts" : promised.toString());
    }

    Finding everyFenceRowIsFinished() {
        return new Finding(
                "every fence row is finished",
                !fenceRows.containsKey(TRIED),
                rows(2) + " committed, " + rows(3) + " rolled back, " + rows(4) + " suspended, " + rows(TRIED)
                        + " open");
    }

    private int rows(int status) {
        return fenceRows.getOrDefault(status, 0);
    }
}

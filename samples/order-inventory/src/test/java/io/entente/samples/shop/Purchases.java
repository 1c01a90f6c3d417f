package io.entente.samples.shop;

import io.entente.samples.story.Answer;
import io.entente.samples.story.Caller;
import io.entente.samples.story.Load;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A load of random purchases, each with an amount that occurs nowhere else, so that an order tells where it came from. */
final class Purchases {

    private static final int USERS = 12;
    private static final int COMMODITIES = 8;

    /** Enough to pay for everything that can be bought. */
    private static final int RICH = 50_000_000;

    private static final int PLENTY = 1_000_000;

    /** So little that most purchases with it have to fail. */
    private static final int POOR = 500;

    private static final int SCARCE = 20;

    /** Above what any purchase outside a load costs. */
    private static final int FIRST_AMOUNT = 1_000;

    private Purchases() {}

    /** Money for its users, the last of whom has little. */
    static String insertAccounts() {
        return insert("account", "load-user-", USERS, RICH, POOR);
    }

    /** Stock of its commodities, little of the last one. */
    static String insertStock() {
        return insert("stock", "load-", COMMODITIES, PLENTY, SCARCE);
    }

    private static String insert(String table, String prefix, int rows, int usual, int last) {
        return IntStream.range(0, rows)
                .mapToObj(i -> "('" + prefix + i + "', " + (i < rows - 1 ? usual : last) + ")")
                .collect(Collectors.joining(", ", "INSERT INTO " + table + " VALUES ", ""));
    }

    static Answer buy(Caller shop, int number, Random random) {
        Purchase purchase = new Purchase(
                "load-user-" + random.nextInt(USERS),
                "load-" + random.nextInt(COMMODITIES),
                1 + random.nextInt(3),
                FIRST_AMOUNT + number,
                random.nextInt(30),
                random.nextInt(60),
                random.nextBoolean());
        return shop.post(purchase.path(), purchase.body()).join();
    }

    /** Whether an order came from a load. */
    static boolean isFrom(ShopTables.OrderRow order) {
        return order.userId().startsWith("load-user-");
    }

    /** The number of the purchase that an order came from. */
    static int numberOf(ShopTables.OrderRow order) {
        return order.amount() - FIRST_AMOUNT;
    }

    /** The ids of the orders that clients were told, by the number of the purchase. */
    static Map<Integer, Long> orderIds(Load load) {
        return load.done().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        done -> done.getValue().body().path("orderId").asLong()));
    }
}

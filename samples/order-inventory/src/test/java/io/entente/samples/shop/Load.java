package io.entente.samples.shop;

import static org.awaitility.Awaitility.await;

import io.entente.samples.story.Answer;
import io.entente.samples.story.Answer.Outcome;
import io.entente.samples.story.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Clients that buy without end, in several threads, and remember what they were told. */
final class Load {

    private static final int CLIENTS = 4;
    private static final int MOST_PURCHASES = 20_000;
    private static final int USERS = 12;
    private static final int COMMODITIES = 8;

    /** Enough to pay for everything that can be bought. */
    private static final int RICH = 50_000_000;

    private static final int PLENTY = 1_000_000;

    /** So little that most purchases with it have to fail. */
    private static final int POOR = 500;

    private static final int SCARCE = 20;

    /** Amounts that occur nowhere else, so that an order tells which purchase it came from. */
    private static final int FIRST_AMOUNT = 1_000;

    private final Caller shop;
    private final AtomicInteger purchases = new AtomicInteger();
    private final Map<Integer, Long> bought = new ConcurrentHashMap<>();
    private final Queue<Integer> notBought = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unknown = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Thread> clients = new ArrayList<>();

    private Load(Caller shop) {
        this.shop = shop;
    }

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

    /** Whether an order came from a load. */
    static boolean isFrom(ShopTables.OrderRow order) {
        return order.userId().startsWith("load-user-");
    }

    static Load start(Caller shop, long seed) {
        Load load = new Load(shop);
        for (int i = 0; i < CLIENTS; i++) {
            Random random = new Random(seed + i);
            Thread client = new Thread(() -> load.buyAgainAndAgain(random), "client-" + i);
            load.clients.add(client);
            client.start();
        }
        return load;
    }

    private void buyAgainAndAgain(Random random) {
        try {
            boolean ended = false;
            while (!ended && purchases.get() < MOST_PURCHASES) {
                // After a failure a client waits a little, as a person would.
                int pause = buy(random) == Outcome.DONE ? 10 : 100;
                ended = end.await(random.nextInt(pause), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Outcome buy(Random random) {
        int amount = FIRST_AMOUNT + purchases.incrementAndGet();
        Purchase purchase = new Purchase(
                "load-user-" + random.nextInt(USERS),
                "load-" + random.nextInt(COMMODITIES),
                1 + random.nextInt(3),
                amount,
                random.nextInt(30),
                random.nextInt(60),
                random.nextBoolean());
        Answer answer = shop.post(purchase.path(), purchase.body()).join();
        switch (answer.outcome()) {
            case DONE -> bought.put(amount, answer.body().path("orderId").asLong());
            case NOT_DONE -> notBought.add(amount);
            case UNKNOWN -> unknown.incrementAndGet();
        }
        return answer.outcome();
    }

    /** Waits until so many more purchases have been answered with success. */
    void awaitBought(int more) {
        int before = bought.size();
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> bought.size() >= before + more);
    }

    /** Lets the load run for a while. */
    void goOnFor(long millis) throws InterruptedException {
        end.await(millis, TimeUnit.MILLISECONDS);
    }

    /** Returns when every client has its last answer. */
    void end() throws InterruptedException {
        end.countDown();
        for (Thread client : clients) {
            client.join();
        }
    }

    /** The ids of the orders, by amount, of the purchases that were answered with success. */
    Map<Integer, Long> bought() {
        return bought;
    }

    /** The amounts of the purchases that were answered with a failure which says that nothing was bought. */
    Queue<Integer> notBought() {
        return notBought;
    }

    String outcomes() {
        return "{bought=" + bought.size() + ", not bought=" + notBought.size() + ", unknown to the client=" + unknown
                + "}";
    }
}

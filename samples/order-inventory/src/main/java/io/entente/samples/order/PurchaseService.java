package io.entente.samples.order;

import io.entente.tm.GlobalTransactional;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;
import org.springframework.web.client.RestClient;

/** Buys things: an order here, less stock in the inventory service, less money in the account service. */
@Service
class PurchaseService {

    private final Orders orders;
    private final RestClient inventory;
    private final RestClient account;

    PurchaseService(
            Orders orders,
            RestClient.Builder http,
            @Value("${inventory.url}") String inventoryUrl,
            @Value("${account.url}") String accountUrl) {
        this.orders = orders;
        this.inventory = http.clone().baseUrl(inventoryUrl).build();
        this.account = http.clone().baseUrl(accountUrl).build();
    }

    @GlobalTransactional(name = "purchase", timeoutMillis = 15_000)
    public long purchase(PurchaseRequest purchase) throws InterruptedException {
        return buy(purchase);
    }

    /** For those who cannot wait: done within two seconds, or not at all. */
    @GlobalTransactional(name = "express-purchase", timeoutMillis = 2_000)
    public long expressPurchase(PurchaseRequest purchase) throws InterruptedException {
        return buy(purchase);
    }

    private long buy(PurchaseRequest purchase) throws InterruptedException {
        long orderId = orders.place(purchase);
        inventory
                .post()
                .uri("/stock/deduct")
                .body(Map.of("commodity", purchase.commodity(), "count", purchase.count()))
                .retrieve()
                .toBodilessEntity();
        account.post()
                .uri("/account/debit")
                .body(Map.of(
                        "userId",
                        purchase.userId(),
                        "amount",
                        purchase.amount(),
                        "paymentMillis",
                        purchase.paymentMillis()))
                .retrieve()
                .toBodilessEntity();
        pack(purchase);
        orders.markPaid(orderId);
        return orderId;
    }

    /** Boxes, tape, a label. */
    private static void pack(PurchaseRequest purchase) throws InterruptedException {
        Thread.sleep(purchase.packingMillis());
    }
}

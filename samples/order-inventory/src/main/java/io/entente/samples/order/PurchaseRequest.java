package io.entente.samples.order;

/**
 * A user's wish to buy something.
 *
 * @param amount what all of it costs together
 * @param paymentMillis how long the payment takes; 0 in a perfect world
 * @param packingMillis how long packing takes, after the payment; 0 in a perfect world
 */
record PurchaseRequest(
        String userId, String commodity, int count, int amount, long paymentMillis, long packingMillis) {}

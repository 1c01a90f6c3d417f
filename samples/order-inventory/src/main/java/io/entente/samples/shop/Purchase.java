package io.entente.samples.shop;

/**
 * What is bought; {@code paymentMillis} and {@code packingMillis} make it slow on purpose.
 *
 * @param express whether it has to be done within two seconds
 */
record Purchase(
        String userId,
        String commodity,
        int count,
        int amount,
        long paymentMillis,
        long packingMillis,
        boolean express) {

    static Purchase of(String userId, int count, String commodity, int amount) {
        return new Purchase(userId, commodity, count, amount, 0, 0, false);
    }

    Purchase withPaymentMillis(long millis) {
        return new Purchase(userId, commodity, count, amount, millis, packingMillis, express);
    }

    Purchase withPackingMillis(long millis) {
        return new Purchase(userId, commodity, count, amount, paymentMillis, millis, express);
    }

    Purchase asExpress() {
        return new Purchase(userId, commodity, count, amount, paymentMillis, packingMillis, true);
    }

    String path() {
        return express ? "/purchases/express" : "/purchases";
    }

    String body() {
        StringBuilder body = new StringBuilder("{\"userId\":\"" + userId + "\",\"commodity\":\"" + commodity
                + "\",\"count\":" + count + ",\"amount\":" + amount);
        if (paymentMillis > 0) {
            body.append(",\"paymentMillis\":").append(paymentMillis);
        }
        if (packingMillis > 0) {
            body.append(",\"packingMillis\":").append(packingMillis);
        }
        return body.append('}').toString();
    }
}

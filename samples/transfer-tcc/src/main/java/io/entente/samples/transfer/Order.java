package io.entente.samples.transfer;

import io.entente.samples.story.Service;

/**
 * An order to transfer money to an account at the other bank.
 *
 * @param payer the bank of the one who pays
 * @param checkMillis how long the fraud check takes
 */
record Order(Service payer, String reference, String from, String to, int amount, String purpose, long checkMillis) {

    static Order of(String reference, String from, String to, int amount) {
        return new Order(TransferSample.NORTH, reference, from, to, amount, "rent", 0);
    }

    Order at(Service bank) {
        return new Order(bank, reference, from, to, amount, purpose, checkMillis);
    }

    Order withPurpose(String newPurpose) {
        return new Order(payer, reference, from, to, amount, newPurpose, checkMillis);
    }

    Order withCheckMillis(long millis) {
        return new Order(payer, reference, from, to, amount, purpose, millis);
    }

    String path() {
        return "/transfers";
    }

    String body() {
        String bank = payer.equals(TransferSample.NORTH) ? "south" : "north";
        StringBuilder body = new StringBuilder("{\"reference\":\"" + reference + "\",\"from\":\"" + from
                + "\",\"to\":\"" + to + "\",\"bank\":\"" + bank + "\",\"amount\":" + amount + ",\"purpose\":\""
                + purpose
                + "\"");
        if (checkMillis > 0) {
            body.append(",\"checkMillis\":").append(checkMillis);
        }
        return body.append('}').toString();
    }
}

package io.entente.samples.bank;

/**
 * A row of the table {@code account}.
 *
 * @param frozen what is promised to someone and not spent yet; no longer in the balance
 * @param announced what is promised by someone and has not come yet; not in the balance so far
 */
record Account(String owner, int balance, int frozen, int announced) {}

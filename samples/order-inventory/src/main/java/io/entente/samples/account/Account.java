package io.entente.samples.account;

/** A row of the table {@code account}. */
record Account(String userId, int balance) {}

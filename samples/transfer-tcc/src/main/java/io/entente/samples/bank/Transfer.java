package io.entente.samples.bank;

/**
 * A customer's wish to pay someone who has an account at another bank.
 *
 * @param reference identifies the transfer on both statements of account
 * @param from owner of an account here
 * @param to owner of an account there
 * @param bank where that is
 * @param checkMillis how long the fraud check takes; 0 in a perfect world
 */
record Transfer(String reference, String from, String to, String bank, int amount, String purpose, long checkMillis) {}

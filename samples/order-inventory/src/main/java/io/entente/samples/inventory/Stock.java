package io.entente.samples.inventory;

/** A row of the table {@code stock}. */
record Stock(String commodity, int count) {}

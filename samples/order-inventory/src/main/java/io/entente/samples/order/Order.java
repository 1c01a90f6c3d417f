package io.entente.samples.order;

/** A row of the table {@code orders}. */
record Order(long id, String userId, String commodity, int count, int amount, String status) {}

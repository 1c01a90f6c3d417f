package io.entente.samples.trip;

/** A wish to go somewhere: the input of the saga, kept at the coordinator. */
record Trip(String traveller, String city) {}

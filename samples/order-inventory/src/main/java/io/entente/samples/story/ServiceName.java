package io.entente.samples.story;

import io.entente.samples.account.AccountApplication;
import io.entente.samples.inventory.InventoryApplication;
import io.entente.samples.order.OrderApplication;

/** The three services. */
enum ServiceName {
    ORDER("order", OrderApplication.class, Ports.Use.ORDER, "orders", "/orders"),
    INVENTORY("inventory", InventoryApplication.class, Ports.Use.INVENTORY, "inventory", "/stock"),
    ACCOUNT("account", AccountApplication.class, Ports.Use.ACCOUNT, "accounts", "/accounts");

    private final String text;
    private final Class<?> application;
    private final Ports.Use port;
    private final String database;
    private final String listing;

    ServiceName(String text, Class<?> application, Ports.Use port, String database, String listing) {
        this.text = text;
        this.application = application;
        this.port = port;
        this.database = database;
        this.listing = listing;
    }

    String text() {
        return text;
    }

    /** The class with its main method. */
    String application() {
        return application.getName();
    }

    Ports.Use port() {
        return port;
    }

    /** The name of its database. */
    String database() {
        return database;
    }

    /** The path that lists what it has; answers as soon as the service is ready. */
    String listing() {
        return listing;
    }
}

package io.entente.frameworks.jpa;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Version;

/** A natural id. */
@Entity
class Stock {

    @Id
    @Column(length = 40)
    String item;

    @Version
    Integer version;

    int amount;

    protected Stock() {}

    Stock(String item, int amount) {
        this.item = item;
        this.amount = amount;
    }
}

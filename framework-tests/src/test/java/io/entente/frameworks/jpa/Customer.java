package io.entente.frameworks.jpa;

import jakarta.persistence.CascadeType;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.Version;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** An id from a sequence, a version, a collection of entities and two of values. */
@Entity
class Customer {

    @Id
    @GeneratedValue(strategy = GenerationType.SEQUENCE)
    Long id;

    @Version
    long version;

    @Column(nullable = false, unique = true, length = 100)
    String name;

    BigDecimal credit;

    @ElementCollection
    @Column(nullable = false, length = 40)
    Set<String> phones = new HashSet<>();

    @ElementCollection
    @OrderColumn
    List<String> remarks = new ArrayList<>();

    @OneToMany(mappedBy = "customer", cascade = CascadeType.ALL, orphanRemoval = true)
    List<Purchase> purchases = new ArrayList<>();

    protected Customer() {}

    Customer(String name, String... phones) {
        this.name = name;
        this.credit = new BigDecimal("100.00");
        this.phones.addAll(List.of(phones));
    }

    Customer buys(String contract, String color) {
        purchases.add(new Purchase(this, contract, color));
        return this;
    }
}

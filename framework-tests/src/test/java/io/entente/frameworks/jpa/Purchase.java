package io.entente.frameworks.jpa;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Lob;
import jakarta.persistence.ManyToOne;
import java.util.Map;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** An id from the table, a large object, a document. */
@Entity
class Purchase {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    Long id;

    @ManyToOne(optional = false)
    Customer customer;

    @Lob
    String contract;

    @JdbcTypeCode(SqlTypes.JSON)
    Map<String, String> details;

    protected Purchase() {}

    Purchase(Customer customer, String contract, String color) {
        this.customer = customer;
        this.contract = contract;
        this.details = Map.of("color", color);
    }
}

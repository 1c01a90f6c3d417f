package io.entente.frameworks.jpa;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;

/** Each kind of payment has a table beside this one. */
@Entity
@Inheritance(strategy = InheritanceType.JOINED)
class Payment {

    @Id
    @GeneratedValue(strategy = GenerationType.SEQUENCE)
    Long id;

    String state = "OPEN";

    @Entity(name = "CardPayment")
    static class ByCard extends Payment {

        String card;

        protected ByCard() {}

        ByCard(String card) {
            this.card = card;
        }
    }
}

package io.entente.frameworks.datajdbc;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.Version;
import org.springframework.data.relational.core.mapping.Table;

/** An aggregate with a list of child entities. */
@Table
class Purchase {

    @Id
    Long id;

    @Version
    Long version;

    long customer;
    String state = "OPEN";
    LocalDateTime placedAt;
    List<PurchaseLine> lines = new ArrayList<>();

    Purchase(long customer, LocalDateTime placedAt) {
        this.customer = customer;
        this.placedAt = placedAt;
    }

    Purchase with(String item, int amount) {
        lines.add(new PurchaseLine(null, item, amount));
        return this;
    }

    List<Long> lineIds() {
        return lines.stream().map(PurchaseLine::id).toList();
    }
}

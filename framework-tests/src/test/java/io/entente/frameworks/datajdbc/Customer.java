package io.entente.frameworks.datajdbc;

import java.math.BigDecimal;
import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.Version;
import org.springframework.data.relational.core.mapping.Table;

@Table
record Customer(@Id Long id, @Version Long version, String name, BigDecimal credit) {

    static Customer named(String name, BigDecimal credit) {
        return new Customer(null, null, name, credit);
    }

    Customer charged(BigDecimal amount) {
        return new Customer(id, version, name, credit.subtract(amount));
    }
}

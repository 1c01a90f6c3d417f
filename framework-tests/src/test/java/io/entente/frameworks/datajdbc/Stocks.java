package io.entente.frameworks.datajdbc;

import java.util.Optional;
import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.relational.core.sql.LockMode;
import org.springframework.data.relational.repository.Lock;
import org.springframework.data.repository.ListCrudRepository;

interface Stocks extends ListCrudRepository<Stock, String> {

    @Lock(LockMode.PESSIMISTIC_WRITE)
    Optional<Stock> findByItem(String item);

    @Modifying
    @Query("UPDATE stock SET amount = amount - :amount WHERE item = :item AND amount >= :amount")
    int take(String item, int amount);
}

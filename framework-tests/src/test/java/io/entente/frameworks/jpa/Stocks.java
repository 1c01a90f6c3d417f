package io.entente.frameworks.jpa;

import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.NativeQuery;
import org.springframework.data.jpa.repository.Query;

interface Stocks extends JpaRepository<Stock, String> {

    @Modifying
    @NativeQuery("UPDATE stock SET amount = amount - :amount WHERE item = :item")
    int take(String item, int amount);

    @Modifying(clearAutomatically = true)
    @Query("update Stock s set s.amount = case when s.amount > 50 then 50 else s.amount end")
    int cap();
}

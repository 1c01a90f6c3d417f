package io.entente.frameworks.jpa;

import jakarta.persistence.LockModeType;
import java.math.BigDecimal;
import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

interface Customers extends JpaRepository<Customer, Long> {

    Optional<Customer> findByName(String name);

    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select c from Customer c where c.name = :name")
    Optional<Customer> lockByName(String name);

    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query("update versioned Customer c set c.credit = c.credit + :bonus where c.credit >= :least")
    int reward(BigDecimal bonus, BigDecimal least);

    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query("delete from Customer c where c.name like :pattern")
    int deleteByPattern(String pattern);
}

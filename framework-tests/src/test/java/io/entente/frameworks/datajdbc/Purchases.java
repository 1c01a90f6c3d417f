package io.entente.frameworks.datajdbc;

import java.util.List;
import org.springframework.data.repository.ListCrudRepository;

interface Purchases extends ListCrudRepository<Purchase, Long> {

    List<Purchase> findByState(String state);
}

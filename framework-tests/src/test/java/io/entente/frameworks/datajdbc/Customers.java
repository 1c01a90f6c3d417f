package io.entente.frameworks.datajdbc;

import org.springframework.data.repository.ListCrudRepository;

interface Customers extends ListCrudRepository<Customer, Long> {

    Customer findByName(String name);
}

package io.entente.frameworks.datajdbc;

import org.springframework.data.annotation.Id;

record PurchaseLine(@Id Long id, String item, int amount) {}

package io.entente.frameworks.datajdbc;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

@Table
record Stock(@Id String item, int amount, String note) {}

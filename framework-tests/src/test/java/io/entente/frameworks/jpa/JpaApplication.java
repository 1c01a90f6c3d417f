package io.entente.frameworks.jpa;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.data.jdbc.autoconfigure.DataJdbcRepositoriesAutoConfiguration;

@SpringBootApplication(exclude = DataJdbcRepositoriesAutoConfiguration.class)
class JpaApplication {}

package io.entente.frameworks.several;

import io.entente.frameworks.Checkout;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** Two databases, as Spring Boot's documentation has it. */
@SpringBootApplication(exclude = {HibernateJpaAutoConfiguration.class, DataJpaRepositoriesAutoConfiguration.class})
@Import(Checkout.class)
class SeveralApplication {

    @Bean
    @Primary
    @ConfigurationProperties("orders.datasource")
    DataSourceProperties ordersProperties() {
        return new DataSourceProperties();
    }

    @Bean
    @Primary
    @ConfigurationProperties("orders.datasource.hikari")
    DataSource ordersDatabase(DataSourceProperties properties) {
        return properties.initializeDataSourceBuilder().build();
    }

    @Bean
    @Primary
    PlatformTransactionManager ordersTransactions(DataSource database) {
        return new JdbcTransactionManager(database);
    }

    @Bean
    @ConfigurationProperties("bills.datasource")
    DataSourceProperties billsProperties() {
        return new DataSourceProperties();
    }

    @Bean
    DataSource billsDatabase(@Qualifier("billsProperties") DataSourceProperties properties) {
        return properties.initializeDataSourceBuilder().build();
    }

    @Bean
    PlatformTransactionManager billsTransactions(@Qualifier("billsDatabase") DataSource database) {
        return new JdbcTransactionManager(database);
    }

    @Bean
    JdbcClient billsClient(@Qualifier("billsDatabase") DataSource database) {
        return JdbcClient.create(database);
    }

    @Bean
    @Primary
    JdbcClient ordersClient(DataSource database) {
        return JdbcClient.create(database);
    }
}

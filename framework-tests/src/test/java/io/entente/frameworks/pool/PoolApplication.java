package io.entente.frameworks.pool;

import com.alibaba.druid.pool.DruidDataSource;
import com.alibaba.druid.wall.WallConfig;
import com.alibaba.druid.wall.WallFilter;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.context.annotation.Bean;

/** With HikariCP, unless Druid is asked for. */
@SpringBootApplication(exclude = {HibernateJpaAutoConfiguration.class, DataJpaRepositoriesAutoConfiguration.class})
class PoolApplication {

    @Bean(initMethod = "init", destroyMethod = "close")
    @ConditionalOnProperty(name = "shop.pool", havingValue = "druid")
    DataSource pool(DataSourceProperties properties) throws SQLException {
        DruidDataSource pool = new DruidDataSource();
        pool.setUrl(properties.getUrl());
        pool.setUsername(properties.getUsername());
        pool.setPassword(properties.getPassword());
        pool.setMaxActive(4);
        pool.setValidationQuery("SELECT 1");
        pool.setPoolPreparedStatements(true);
        pool.setFilters("stat");
        pool.setProxyFilters(List.of(wall()));
        return pool;
    }

    /** Its parser does not know INSERT … RETURNING on MariaDB, for one, and must not take that for an attack. */
    private static WallFilter wall() {
        WallConfig config = new WallConfig();
        config.setStrictSyntaxCheck(false);
        WallFilter wall = new WallFilter();
        wall.setConfig(config);
        return wall;
    }
}

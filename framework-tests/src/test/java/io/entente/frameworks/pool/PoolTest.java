package io.entente.frameworks.pool;

import static org.assertj.core.api.Assertions.assertThat;

import com.alibaba.druid.pool.DruidDataSource;
import com.alibaba.druid.pool.DruidPooledConnection;
import com.zaxxer.hikari.HikariDataSource;
import io.entente.frameworks.Twins;
import io.entente.rm.jdbc.EntenteDataSource;
import io.entente.testkit.database.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.h2.jdbc.JdbcConnection;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;
import org.springframework.context.ApplicationContext;

class PoolTest {

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void hikari_lies_below_as_ever(TestDatabase.Kind kind) throws SQLException {
        try (Twins twins = Twins.onTheShopsTables(PoolApplication.class, kind)) {
            proveSales(twins);
            DataSource dataSource = twins.context().getBean(DataSource.class);
            assertThat(dataSource.isWrapperFor(HikariDataSource.class)).isTrue();
            assertThat(dataSource.isWrapperFor(EntenteDataSource.class)).isTrue();
            assertThat(dataSource.isWrapperFor(DruidDataSource.class)).isFalse();
            assertThat(dataSource.unwrap(HikariDataSource.class).getMaximumPoolSize())
                    .isEqualTo(4);
            requireDriverReachable(dataSource, kind);
        }
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void druid_lies_below_with_its_filters(TestDatabase.Kind kind) throws SQLException {
        try (Twins twins = Twins.onTheShopsTables(PoolApplication.class, kind, "shop.pool=druid")) {
            proveSales(twins);
            DataSource dataSource = twins.context().getBean(DataSource.class);
            assertThat(dataSource.isWrapperFor(DruidDataSource.class)).isTrue();
            assertThat(dataSource.isWrapperFor(HikariDataSource.class)).isFalse();
            DruidDataSource pool = dataSource.unwrap(DruidDataSource.class);
            assertThat(pool.getDataSourceStat().getSqlStatMap().keySet())
                    .as("what the stat filter saw")
                    .anyMatch(sql -> sql.contains("stock"));
            assertThat(pool.getActiveCount())
                    .as("connections that were not given back")
                    .isZero();
            requireDriverReachable(dataSource, kind);
            try (Connection connection = dataSource.getConnection()) {
                assertThat(connection.isWrapperFor(DruidPooledConnection.class)).isTrue();
            }
        }
    }

    private static void proveSales(Twins twins) {
        List<Object> told = twins.prove(PoolTest::sell);
        assertThat(told).containsExactly(3L, List.of(1, 1), 1, 1);
    }

    private static List<Object> sell(ApplicationContext context) {
        Shop shop = context.getBean(Shop.class);
        return List.of(
                shop.register("eve"),
                shop.deliver(List.of(new Object[] {"rod", 1}, new Object[] {"cam", 2})),
                shop.take("nut", 30),
                shop.drop("bolt"));
    }

    /** Drivers' own methods are reached through proxy and pool. */
    private static void requireDriverReachable(DataSource dataSource, TestDatabase.Kind kind) throws SQLException {
        Class<?> driversConnection = switch (kind) {
            case H2 -> JdbcConnection.class;
            case POSTGRESQL -> PGConnection.class;
            case MARIADB -> org.mariadb.jdbc.Connection.class;
        };
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement("SELECT 1")) {
            assertThat(connection.isWrapperFor(driversConnection)).isTrue();
            assertThat(connection.unwrap(driversConnection)).isInstanceOf(driversConnection);
            assertThat(statement.getConnection()).isSameAs(connection);
            assertThat(statement.unwrap(PreparedStatement.class)).isSameAs(statement);
        }
    }
}

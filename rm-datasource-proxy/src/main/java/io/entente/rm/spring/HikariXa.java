package io.entente.rm.spring;

import com.zaxxer.hikari.HikariDataSource;
import io.entente.rm.xa.XaConnectionSource;
import java.util.Map;
import javax.sql.DataSource;
import javax.sql.XADataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.boot.jdbc.DatabaseDriver;
import org.springframework.util.ClassUtils;

/** Puts XA connections under pools of Hikari; apart, because Hikari need not be there. */
final class HikariXa {

    private HikariXa() {}

    /** The source of the pool's connections from now on, or since before when its maker has seen to it. */
    static XaConnectionSource under(String beanName, HikariDataSource pool) {
        @Nullable DataSource present = pool.getDataSource();
        if (present instanceof XaConnectionSource source) {
            return source;
        }
        if (pool.isRunning()) {
            throw XaWrapping.impossible(
                    beanName, "is a HikariDataSource whose pool is open already, with connections that cannot do XA");
        }
        @Nullable String url = pool.getJdbcUrl();
        if (present != null || pool.getDataSourceClassName() != null || url == null) {
            throw XaWrapping.impossible(
                    beanName, "is a HikariDataSource without a jdbcUrl, from which its XADataSource could be made");
        }
        XaConnectionSource source = new XaConnectionSource(xaDataSource(beanName, url, pool));
        pool.setDataSource(source);
        return source;
    }

    private static XADataSource xaDataSource(String beanName, String url, HikariDataSource pool) {
        @Nullable String type = DatabaseDriver.fromJdbcUrl(url).getXaDataSourceClassName();
        if (type == null) {
            throw XaWrapping.impossible(
                    beanName, "has the URL " + url.replaceAll("[?;].*", "") + ", whose XADataSource is not known");
        }
        Object made;
        try {
            made = BeanUtils.instantiateClass(
                    ClassUtils.forName(type, pool.getClass().getClassLoader()));
        } catch (ClassNotFoundException | LinkageError e) {
            throw XaWrapping.impossible(beanName, "needs " + type + ", which is not on the class path");
        }
        BeanWrapper properties = PropertyAccessorFactory.forBeanPropertyAccess(made);
        properties.setPropertyValue("url", url);
        setUnlessNull(properties, "user", pool.getUsername());
        setUnlessNull(properties, "password", pool.getPassword());
        for (Map.Entry<Object, Object> extra : pool.getDataSourceProperties().entrySet()) {
            String name = String.valueOf(extra.getKey());
            if (!properties.isWritableProperty(name)) {
                throw XaWrapping.impossible(
                        beanName,
                        "has the driver property " + name + ", which " + type + " does not take. Put it into the URL");
            }
            properties.setPropertyValue(name, extra.getValue());
        }
        return (XADataSource) made;
    }

    private static void setUnlessNull(BeanWrapper properties, String name, @Nullable String value) {
        if (value != null) {
            properties.setPropertyValue(name, value);
        }
    }
}

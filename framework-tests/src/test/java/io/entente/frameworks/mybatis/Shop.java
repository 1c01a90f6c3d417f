package io.entente.frameworks.mybatis;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.ibatis.executor.BatchResult;
import org.apache.ibatis.session.ExecutorType;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Each method is a local transaction. */
@Service
@Transactional
public class Shop {

    private final CustomerMapper customers;
    private final StockMapper stocks;
    private final SqlSessionFactory sessions;

    Shop(CustomerMapper customers, StockMapper stocks, SqlSessionFactory sessions) {
        this.customers = customers;
        this.stocks = stocks;
        this.sessions = sessions;
    }

    long register(String name) {
        Customer customer = new Customer(name, new BigDecimal("70.00"));
        var unused = customers.insert(customer);
        return customer.getId();
    }

    /** @return the ids that MyBatis gave them */
    List<String> registerAll(List<String> names) {
        List<Customer> all =
                names.stream().map(name -> new Customer(name, BigDecimal.TEN)).toList();
        var unused = customers.insertAll(all);
        return all.stream()
                .map(customer -> customer.getName() + ":" + customer.getId())
                .toList();
    }

    /** @return how many rows were updated, then the ids of the new ones */
    List<Object> batch(List<String> names) {
        List<Object> told = new ArrayList<>();
        try (SqlSession session = sessions.openSession(ExecutorType.BATCH)) {
            CustomerMapper batched = session.getMapper(CustomerMapper.class);
            List<Customer> all = names.stream()
                    .map(name -> new Customer(name, BigDecimal.TEN))
                    .toList();
            all.forEach(batched::insert);
            StockMapper stock = session.getMapper(StockMapper.class);
            var ignored = stock.take("nut", 1) + stock.take("bolt", 2) + stock.take("cog", 99);
            for (BatchResult result : session.flushStatements()) {
                for (int count : result.getUpdateCounts()) {
                    told.add(count);
                }
            }
            all.forEach(customer -> told.add(customer.getId()));
            session.commit();
        }
        return told;
    }

    Customer customer(String name) {
        return customers.findByName(name);
    }

    int charge(Customer customer, BigDecimal amount) {
        customer.setCredit(customer.getCredit().subtract(amount));
        return customers.update(customer);
    }

    BigDecimal raise(long id) {
        Customer customer = customers.selectForUpdate(id);
        var unused = customers.change(List.of(id), customer.getCredit().add(BigDecimal.ONE), null);
        return customer.getCredit();
    }

    int delete(long id) {
        return customers.delete(id);
    }

    int deliver(Stock stock) {
        int inserted = stocks.insert(stock);
        if (stock.amount() < 0) {
            throw new IllegalArgumentException("There cannot be " + stock.amount());
        }
        return inserted;
    }

    int take(String item, int amount) {
        return stocks.take(item, amount);
    }

    int deleteUpTo(int most) {
        return stocks.deleteUpTo(most);
    }
}

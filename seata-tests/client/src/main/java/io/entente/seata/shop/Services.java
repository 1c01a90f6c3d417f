package io.entente.seata.shop;

import java.sql.SQLException;
import java.util.List;
import org.apache.seata.spring.annotation.GlobalLock;
import org.apache.seata.spring.annotation.GlobalTransactional;

/** The annotations of Seata, as an application uses them. */
public class Services {
    private final Steps steps;

    Services(Steps steps) {
        this.steps = steps;
    }

    @GlobalTransactional(name = "purchase", rollbackFor = Exception.class)
    public String transactional(List<String> work) throws SQLException {
        return steps.runAll(work);
    }

    @GlobalLock
    public String locked(List<String> work) throws SQLException {
        return steps.runAll(work);
    }
}

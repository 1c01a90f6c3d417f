package io.entente.seata.shop;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.seata.rm.tcc.api.BusinessActionContext;
import org.apache.seata.rm.tcc.api.BusinessActionContextParameter;

/** Writes down what it is told in the second phase, and fails as often as it is asked to. */
public class RecordingPurse implements Purse {
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();

    /** Until 1.x the annotations of the interface count, from 2.0 on these. */
    @Override
    public boolean freeze(
            BusinessActionContext context,
            @BusinessActionContextParameter(paramName = "owner") String owner,
            @BusinessActionContextParameter(paramName = "amount") int amount) {
        return true;
    }

    @Override
    public boolean settle(BusinessActionContext context) {
        return tell("settled", context);
    }

    @Override
    public boolean release(BusinessActionContext context) {
        return tell("released", context);
    }

    private boolean tell(String what, BusinessActionContext context) {
        if (failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            throw new IllegalStateException("as told");
        }
        told.add(what + " " + context.getActionContext("owner") + " " + context.getActionContext("amount"));
        return true;
    }

    @Override
    public String told() {
        return String.join(", ", told);
    }

    @Override
    public void failTimes(int times) {
        failures.set(times);
    }
}

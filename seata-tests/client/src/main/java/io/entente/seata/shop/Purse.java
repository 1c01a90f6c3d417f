package io.entente.seata.shop;

import org.apache.seata.rm.tcc.api.BusinessActionContext;
import org.apache.seata.rm.tcc.api.BusinessActionContextParameter;
import org.apache.seata.rm.tcc.api.LocalTCC;
import org.apache.seata.rm.tcc.api.TwoPhaseBusinessAction;

/** Money that is frozen first and then settled or released. */
@LocalTCC
public interface Purse {

    @TwoPhaseBusinessAction(name = "purse", commitMethod = "settle", rollbackMethod = "release")
    boolean freeze(
            BusinessActionContext context,
            @BusinessActionContextParameter(paramName = "owner") String owner,
            @BusinessActionContextParameter(paramName = "amount") int amount);

    boolean settle(BusinessActionContext context);

    boolean release(BusinessActionContext context);

    /** What it was told in the second phase, in order. */
    String told();

    /** The second phase fails so often from now on. */
    void failTimes(int times);
}

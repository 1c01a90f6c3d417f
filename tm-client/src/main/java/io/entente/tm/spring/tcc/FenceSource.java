package io.entente.tm.spring.tcc;

import io.entente.configuration.InvalidSetupException;
import io.entente.tm.fence.Fence;
import java.lang.reflect.Method;

/** The fences of this application: one per DataSource bean, in the local transactions of {@code @Transactional}. */
public interface FenceSource extends AutoCloseable {

    /**
     * The fence in a data source, its table checked, and swept from now on. Not to be called before all beans are made.
     *
     * @param dataSource name of the bean; empty for the one of {@code entente.tcc.fence.data-source}, or else the only or
     *     primary one
     * @param user what needs the fence, for messages, as {@code @TwoPhaseBusinessAction on Accounts.freeze}
     * @throws InvalidSetupException there is no such data source, several, or no table in it
     */
    Fence fence(String dataSource, String user);

    /**
     * Refuses a method whose {@code @Transactional} keeps it out of the fence's local transaction, or asks for something
     * of it, which has begun by then.
     *
     * @param dataSource as for {@link #fence}
     * @throws InvalidSetupException says what, and what to do
     */
    void requireJoining(Method method, Class<?> targetClass, String dataSource, String user);

    /** Ends the sweeping. */
    @Override
    void close();
}

package io.entente.frameworks;

import io.entente.tm.GlobalTransactional;
import java.util.function.Supplier;
import org.springframework.stereotype.Service;

/** The outermost service of an application: what it calls is one global transaction. */
@Service
public class Checkout {

    /** The customer cannot pay, which shows at the very end. */
    public static final class Declined extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @GlobalTransactional
    public <T> T accepted(Supplier<T> work) {
        return work.get();
    }

    @GlobalTransactional
    public void declined(Supplier<?> work) {
        var unused = work.get();
        throw new Declined();
    }
}

package io.entente.tc.server;

import io.entente.tc.CoordinatorGroup;
import io.entente.tc.TransactionCoordinator;
import io.entente.tc.transaction.Transactions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** Which groups of coordinators a request is about. */
final class RequestedGroups {
    private RequestedGroups() {}

    /** The one of this name. */
    static CoordinatorGroup named(TransactionCoordinator coordinator, String name) {
        try {
            return coordinator.group(name);
        } catch (IllegalArgumentException e) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()), e);
        }
    }

    /** The one that knows this transaction, if any does. */
    static CoordinatorGroup of(TransactionCoordinator coordinator, String xid) {
        return coordinator.groupOf(Transactions.idOf(xid));
    }

    /**
     * Those that are led here, or the one of this name; at least one, which may be led elsewhere.
     *
     * @param name null for all
     */
    static List<CoordinatorGroup> led(TransactionCoordinator coordinator, @Nullable String name) {
        if (name != null) {
            return List.of(named(coordinator, name));
        }
        List<CoordinatorGroup> led =
                coordinator.groups().stream().filter(CoordinatorGroup::leads).toList();
        return led.isEmpty() ? coordinator.groups().subList(0, 1) : led;
    }
}

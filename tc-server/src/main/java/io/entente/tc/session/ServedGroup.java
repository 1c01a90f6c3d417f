package io.entente.tc.session;

import io.entente.tc.coordinator.IdSpace;
import io.entente.tc.coordinator.Leadership;

/**
 * A group of coordinators that this process is one of.
 *
 * @param sessions of the clients that belong to it
 */
public record ServedGroup(String name, IdSpace ids, Leadership leadership, Sessions sessions) {

    /** The only one of a coordinator by itself. */
    public static ServedGroup alone(Leadership leadership, Sessions sessions) {
        return new ServedGroup(IdSpace.DEFAULT_GROUP, IdSpace.of(IdSpace.DEFAULT_GROUP), leadership, sessions);
    }
}

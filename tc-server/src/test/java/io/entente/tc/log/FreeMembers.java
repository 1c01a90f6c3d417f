package io.entente.tc.log;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Addresses of members for tests. */
public final class FreeMembers {
    private FreeMembers() {}

    /** On ports that nobody has at this moment. */
    public static List<ClusterMember> addresses(int count) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            List<ClusterMember> members = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int[] ports = new int[3];
                for (int p = 0; p < ports.length; p++) {
                    ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    held.add(socket);
                    ports[p] = socket.getLocalPort();
                }
                members.add(new ClusterMember("127.0.0.1", ports[0], ports[1], ports[2]));
            }
            return members;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } finally {
            held.forEach(socket -> {
                try {
                    socket.close();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }
}

package io.entente.tc.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.protocol.security.ClientAuth;
import io.entente.protocol.security.ServerTls;
import io.entente.protocol.security.TestAuthority;
import io.entente.protocol.security.Tls;
import io.entente.tc.Groups;
import io.entente.tc.log.ClusterMember;
import io.entente.tc.security.SecuritySettings;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterTlsTest {
    @TempDir
    Path directory;

    @Test
    void members_protect_their_port_with_what_protects_the_one_of_clients() throws Exception {
        Tls tls = Tls.of(TestAuthority.in(directory.resolve("ca")).issue("tc"));
        SecuritySettings security = SecuritySettings.none().withTls(new ServerTls(tls, ClientAuth.NONE));
        try (ClusterUnderTest cluster =
                ClusterUnderTest.startSteady(directory, settings -> settings.withSecurity(security), Groups.NONE)) {
            ClusterMember leader = cluster.leader();
            cluster.passLeadTo(cluster.follower());
            assertThat(cluster.leader()).isNotEqualTo(leader);
            assertThat(isClosedToPlainText(leader.raftPort())).isTrue();
        }
    }

    private static boolean isClosedToPlainText(int port) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout((int) ClusterUnderTest.PATIENCE.toMillis());
            socket.getOutputStream().write("no TLS at all\n".repeat(20).getBytes(StandardCharsets.US_ASCII));
            // An alert of TLS may come first.
            return socket.getInputStream().readAllBytes().length < 20;
        } catch (SocketException e) {
            return true;
        }
    }
}

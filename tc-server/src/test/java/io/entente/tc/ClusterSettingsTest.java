package io.entente.tc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.protocol.security.ClientAuth;
import io.entente.protocol.security.PemFiles;
import io.entente.protocol.security.ServerTls;
import io.entente.protocol.security.TestAuthority;
import io.entente.protocol.security.Tls;
import io.entente.tc.log.ClusterMember;
import io.entente.tc.security.InsecureListenerException;
import io.entente.tc.security.SecuritySettings;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterSettingsTest {
    private static final ClusterMember SELF = ClusterMember.parse("tc1.example.org:8091");

    @TempDir
    private Path directory;

    private void require(String host, @Nullable PemFiles files, boolean allowInsecure) {
        SecuritySettings security = SecuritySettings.none();
        if (files != null) {
            security = security.withTls(new ServerTls(Tls.of(files), ClientAuth.NONE));
        }
        new ClusterSettings(SELF, List.of(SELF), 1_000, allowInsecure, Groups.NONE)
                .requireReachable(
                        CoordinatorSettings.in(directory).withHost(host).withSecurity(security));
    }

    @Test
    void the_raft_port_is_open_to_others_only_if_members_show_certificates() throws Exception {
        PemFiles files = TestAuthority.in(directory.resolve("ca")).issue("tc1");
        PemFiles trustingAnybody = new PemFiles(files.certificate(), files.privateKey(), null);

        assertThatCode(() -> require("0.0.0.0", files, false)).doesNotThrowAnyException();
        assertThatThrownBy(() -> require("0.0.0.0", null, false))
                .isInstanceOf(InsecureListenerException.class)
                .hasMessageContaining("the raft port would listen on 0.0.0.0");
        assertThatThrownBy(() -> require("0.0.0.0", trustingAnybody, false))
                .isInstanceOfSatisfying(
                        InsecureListenerException.class,
                        refused -> assertThat(refused.remedy())
                                .contains("a trust store in that bundle", "entente.tc.allow-insecure=raft"));
        assertThatCode(() -> require("0.0.0.0", trustingAnybody, true)).doesNotThrowAnyException();
    }
}

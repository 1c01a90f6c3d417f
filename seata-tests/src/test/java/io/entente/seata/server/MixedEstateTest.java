package io.entente.seata.server;

import io.entente.seata.client.SeataVersion;
import io.entente.testkit.EmbeddedCoordinator;
import io.entente.testkit.database.TestDatabase.Kind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;

/** Services on our client and on Seata's in one estate, with either coordinator. */
class MixedEstateTest {

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class OnSeatasServerWithPostgresql extends OnSeatasServer {
        OnSeatasServerWithPostgresql() {
            super(Kind.POSTGRESQL, SeataVersion.V2_2_0);
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class OnSeatasServerWithMariaDb extends OnSeatasServer {
        OnSeatasServerWithMariaDb() {
            super(Kind.MARIADB, SeataVersion.V2_6_0);
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class OnOurCoordinatorWithPostgresql extends OnOurCoordinator {
        OnOurCoordinatorWithPostgresql() {
            super(Kind.POSTGRESQL, SeataVersion.V2_6_0);
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class OnOurCoordinatorWithMariaDb extends OnOurCoordinator {
        OnOurCoordinatorWithMariaDb() {
            super(Kind.MARIADB, SeataVersion.V2_2_0);
        }
    }

    private abstract static class OnSeatasServer extends MixedEstate {
        private SeataServer seata;

        OnSeatasServer(Kind kind, SeataVersion version) {
            super(kind, version);
        }

        @Override
        String startCoordinator() throws Exception {
            seata = SeataServer.start(Path.of("").toAbsolutePath(), List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"));
            return seata.address();
        }

        @Override
        void stopCoordinator() throws Exception {
            seata.close();
        }
    }

    private abstract static class OnOurCoordinator extends MixedEstate {
        private final EmbeddedCoordinator coordinator = EmbeddedCoordinator.start();

        OnOurCoordinator(Kind kind, SeataVersion version) {
            super(kind, version);
        }

        @Override
        String startCoordinator() {
            return coordinator.address();
        }

        @Override
        void stopCoordinator() {
            coordinator.close();
        }
    }
}

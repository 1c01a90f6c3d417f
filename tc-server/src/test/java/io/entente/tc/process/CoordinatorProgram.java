package io.entente.tc.process;

import io.entente.tc.server.CoordinatorServer;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;

/** The server as users start it, which tells its parent when it is up. */
public final class CoordinatorProgram {
    private CoordinatorProgram() {}

    public static void main(String[] arguments) {
        PrintStream parent = System.out;
        System.setOut(System.err);
        Orphan.endWithParent();
        List<String> all = new ArrayList<>(List.of(arguments));
        // The clients' are on this class path too, and not on the server's own.
        all.add("--spring.autoconfigure.exclude="
                + ImportCandidates.load(AutoConfiguration.class, CoordinatorProgram.class.getClassLoader())
                        .getCandidates()
                        .stream()
                        .filter(name -> name.startsWith("io.entente.tm.") || name.startsWith("io.entente.rm."))
                        .collect(Collectors.joining(",")));
        CoordinatorServer.main(all.toArray(String[]::new));
        parent.println("ready");
        parent.flush();
    }
}

package io.entente.tc.seata;

import io.entente.tc.log.ClusterMember;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.seata.core.model.BranchType;
import org.apache.seata.rm.DefaultResourceManager;
import org.apache.seata.tm.api.GlobalTransaction;
import org.apache.seata.tm.api.GlobalTransactionContext;

/**
 * An application on Seata's own client with {@code registry.type=raft}, in a process of its own, because Seata keeps its
 * registry in statics. Runs a transaction for each line it is sent and answers with a line.
 */
public final class SeataRaftShop implements AutoCloseable {
    private static final String STOCK = "jdbc:test://stock";

    private final Process process;
    private final PrintStream in;
    private final BufferedReader out;

    private SeataRaftShop(Process process) {
        this.process = process;
        this.in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    public static SeataRaftShop start(List<ClusterMember> members, Path log) throws IOException {
        String control = members.stream()
                .map(member -> member.host() + ":" + member.httpPort())
                .collect(Collectors.joining(","));
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-Dregistry.type=raft",
                        "-Dregistry.raft.serverAddr=" + control,
                        "-cp",
                        System.getProperty("java.class.path"),
                        SeataRaftShop.class.getName(),
                        String.valueOf(members.get(0).port())))
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        SeataRaftShop shop = new SeataRaftShop(process);
        String ready = shop.out.readLine();
        if (!"ready".equals(ready)) {
            shop.close();
            throw new IOException("Seata's client said " + ready + " instead of ready; see " + log);
        }
        return shop;
    }

    /** Commits a transaction with one branch; returns {@code ok <xid>}, or what went wrong. */
    public String purchase() throws IOException {
        in.println("purchase");
        return String.valueOf(out.readLine());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream parent = System.out;
        System.setOut(System.err);
        SeataSide.start(Integer.parseInt(arguments[0]), List.of(STOCK));
        parent.println("ready");
        parent.flush();
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            parent.println(run());
            parent.flush();
        }
    }

    private static String run() {
        try {
            GlobalTransaction transaction = GlobalTransactionContext.createNew();
            transaction.begin(30_000, "purchase");
            DefaultResourceManager.get()
                    .branchRegister(BranchType.AT, STOCK, null, transaction.getXid(), "{}", "item:1");
            transaction.commit();
            return "ok " + transaction.getXid() + " " + transaction.getLocalStatus();
        } catch (Exception e) {
            return "failed " + String.valueOf(e).replaceAll("\\s+", " ");
        }
    }
}

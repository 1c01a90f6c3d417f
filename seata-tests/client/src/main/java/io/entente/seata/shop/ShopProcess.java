package io.entente.seata.shop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.seata.spring.annotation.GlobalTransactionScanner;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/**
 * An application on Seata's client and Spring. Each line that it is sent is a command, its parts separated by tabs; it
 * answers with a line, {@code ok} and what came of it or {@code failed} and why.
 */
public final class ShopProcess {
    private static final String GROUP = "default_tx_group";

    private ShopProcess() {}

    /** @param arguments the application's id; where the coordinator is, and all other settings, are system properties */
    public static void main(String[] arguments) throws IOException {
        PrintStream parent = System.out;
        System.setOut(System.err);
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.registerBean(GlobalTransactionScanner.class, () -> new GlobalTransactionScanner(arguments[0], GROUP));
        context.register(Sources.class, Steps.class, Services.class, RecordingPurse.class, Web.class, Commands.class);
        context.refresh();
        Commands commands = context.getBean(Commands.class);
        answer(parent, "ready");
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            answer(parent, outcome(commands, List.of(line.split("\t", -1))));
        }
        System.exit(0); // Seata's threads would go on
    }

    private static String outcome(Commands commands, List<String> parts) {
        try {
            return "ok " + commands.run(parts.get(0), parts.subList(1, parts.size()));
        } catch (Throwable e) { // of Seata's templates, which throw anything
            e.printStackTrace();
            StringBuilder chain = new StringBuilder("failed");
            for (Throwable each = e; each != null; each = each.getCause()) {
                chain.append(' ').append(each);
            }
            return chain.toString();
        }
    }

    private static void answer(PrintStream parent, String text) {
        parent.println(text.replaceAll("\\s+", " ").strip());
        parent.flush();
    }
}

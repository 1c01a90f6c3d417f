package io.entente.tc.process;

import java.io.IOException;

/** What a process does whose parent has died: its standard input ends. */
public final class Orphan {
    private Orphan() {}

    public static void endWithParent() {
        Thread watching = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // Nothing is ever said.
                        }
                    } catch (IOException e) {
                        // As if it had ended.
                    }
                    Runtime.getRuntime().halt(1);
                },
                "orphan");
        watching.setDaemon(true);
        watching.start();
    }
}

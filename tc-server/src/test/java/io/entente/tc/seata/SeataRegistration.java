package io.entente.tc.seata;

import org.apache.seata.tm.TMClient;

/** A process with Seata's client that only connects, and prints what became of it. */
final class SeataRegistration {

    private SeataRegistration() {}

    /** @param arguments the port of the coordinator */
    public static void main(String[] arguments) {
        System.setProperty("service.default.grouplist", "127.0.0.1:" + arguments[0]);
        try {
            TMClient.init("seata-shop", "default_tx_group");
            System.out.println("REGISTERED");
        } catch (RuntimeException e) {
            for (Throwable each = e; each != null; each = each.getCause()) {
                System.out.println("FAILED: " + each);
            }
        }
        // Its threads would keep the process.
        System.exit(0);
    }
}

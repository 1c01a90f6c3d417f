package io.entente.seata.shop;

import java.util.List;
import org.apache.seata.core.context.RootContext;
import org.apache.seata.core.exception.TransactionException;
import org.apache.seata.tm.api.GlobalTransaction;
import org.apache.seata.tm.api.GlobalTransactionContext;

/** What the application is told to do, by its one thread. */
class Commands {
    private final Sources sources;
    private final Steps steps;
    private final Services services;
    private final Purse purse;
    private GlobalTransaction transaction;

    Commands(Sources sources, Steps steps, Services services, Purse purse) {
        this.sources = sources;
        this.steps = steps;
        this.services = services;
        this.purse = purse;
    }

    String run(String command, List<String> arguments) throws Exception {
        return switch (command) {
            case "source" -> source(arguments);
            case "begin" -> begin(Integer.parseInt(arguments.get(0)));
            case "commit" -> commit();
            case "rollback" -> rollback();
            case "status" -> String.valueOf(transaction.getStatus());
            case "join" -> join(arguments.get(0));
            case "leave" -> String.valueOf(RootContext.unbind());
            case "do" -> steps.runAll(arguments);
            case "transactional" -> services.transactional(arguments);
            case "locked" -> services.locked(arguments);
            case "purse" -> purse.told();
            case "purse-fails" -> purseFails(Integer.parseInt(arguments.get(0)));
            default -> throw new IllegalArgumentException("no command: " + command);
        };
    }

    private String source(List<String> arguments) {
        sources.add(arguments.get(0), arguments.get(1), arguments.get(2), arguments.get(3), arguments.get(4));
        return arguments.get(0);
    }

    private String begin(int timeoutMillis) throws TransactionException {
        transaction = GlobalTransactionContext.createNew();
        transaction.begin(timeoutMillis, "purchase");
        return transaction.getXid();
    }

    private String commit() throws TransactionException {
        try {
            transaction.commit();
        } finally {
            RootContext.unbind();
        }
        return String.valueOf(transaction.getLocalStatus());
    }

    private String rollback() throws TransactionException {
        try {
            transaction.rollback();
        } finally {
            RootContext.unbind();
        }
        return String.valueOf(transaction.getLocalStatus());
    }

    private static String join(String xid) {
        RootContext.bind(xid);
        return xid;
    }

    private String purseFails(int times) {
        purse.failTimes(times);
        return String.valueOf(times);
    }
}

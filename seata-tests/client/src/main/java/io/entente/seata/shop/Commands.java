package io.entente.seata.shop;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
    private final Web web;
    private GlobalTransaction transaction;

    Commands(Sources sources, Steps steps, Services services, Purse purse, Web web) {
        this.sources = sources;
        this.steps = steps;
        this.services = services;
        this.purse = purse;
        this.web = web;
    }

    String run(String command, List<String> arguments) throws Exception {
        return switch (command) {
            case "source" -> source(arguments);
            case "begin" -> begin(Integer.parseInt(arguments.get(0)));
            case "commit" -> commit();
            case "rollback" -> rollback();
            case "rollback-other" -> rollbackOther(arguments.get(0));
            case "join" -> join(arguments.get(0));
            case "leave" -> String.valueOf(RootContext.unbind());
            case "do" -> steps.runAll(arguments);
            case "transactional" -> services.transactional(arguments);
            case "parallel" -> parallel(Integer.parseInt(arguments.get(0)), arguments.subList(1, arguments.size()));
            case "locked" -> services.locked(arguments);
            case "serve" -> web.serve();
            case "call" -> web.call(arguments.get(0), arguments.subList(1, arguments.size()));
            case "purse" -> purse.told();
            case "purse-fails" -> purseFails(Integer.parseInt(arguments.get(0)));
            default -> throw new IllegalArgumentException("no command: " + command);
        };
    }

    private String source(List<String> arguments) throws SQLException {
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

    private static String rollbackOther(String xid) throws TransactionException {
        GlobalTransaction other = GlobalTransactionContext.reload(xid);
        other.rollback();
        return String.valueOf(other.getLocalStatus());
    }

    /** The same work in as many global transactions at once; each has a digit of its own in place of {@code #}. */
    private String parallel(int threads, List<String> work) throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Callable<String>> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            String digit = String.valueOf(i);
            all.add(() -> services.transactional(
                    work.stream().map(step -> step.replace("#", digit)).toList()));
        }
        int done = 0;
        for (Future<String> each : pool.invokeAll(all)) {
            try {
                each.get();
                done++;
            } catch (ExecutionException e) {
                e.printStackTrace();
            }
        }
        pool.shutdown();
        return String.valueOf(done);
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

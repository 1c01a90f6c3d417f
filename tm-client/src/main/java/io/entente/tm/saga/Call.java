package io.entente.tm.saga;

import io.entente.tm.payload.Payloads;
import java.sql.Connection;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a step or its compensation is told, read from what the coordinator keeps of it. */
final class Call implements CompensationCall<Object, Object> {

    private final Payloads payloads;
    private final String xid;
    private final Class<?> inputType;
    private final Class<?> resultType;
    private final StepData data;
    private final int attempt;
    private final @Nullable Connection connection;

    Call(
            Payloads payloads,
            String xid,
            Saga<?> saga,
            StepDefinition step,
            StepData data,
            int attempt,
            @Nullable Connection connection) {
        this.payloads = payloads;
        this.xid = xid;
        this.inputType = saga.inputType();
        this.resultType = step.type();
        this.data = data;
        this.attempt = attempt;
        this.connection = connection;
    }

    @Override
    public Object input() {
        return required(
                "The input of saga '" + data.saga() + "'",
                payloads.read("The input of saga '" + data.saga() + "'", data.input(), inputType));
    }

    @Override
    public <R> R result(Step<R> step) {
        String what = "The result of step '" + step.name() + "' of saga '" + data.saga() + "'";
        JsonNode result = data.results().get(step.name());
        if (result == null) {
            throw new NoSuchElementException(what + " is not known to step '" + data.step() + "'; it has those of "
                    + data.results().keySet() + ". Put step '" + step.name() + "' before it, not beside it.");
        }
        return step.type().cast(required(what, payloads.read(what, result, step.type())));
    }

    private static Object required(String what, @Nullable Object value) {
        if (value == null) {
            throw new NoSuchElementException(what + " is null.");
        }
        return value;
    }

    @Override
    public Optional<Object> outcome() {
        return isSurelyDone()
                ? Optional.ofNullable(payloads.read(
                        "The result of step '" + data.step() + "' of saga '" + data.saga() + "'",
                        data.result(),
                        resultType))
                : Optional.empty();
    }

    @Override
    public boolean isSurelyDone() {
        return data.isDone();
    }

    @Override
    public String key() {
        return data.key();
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public String xid() {
        return xid;
    }

    @Override
    public Connection connection() {
        if (connection == null) {
            throw new IllegalStateException("Step '" + data.step() + "' of saga '" + data.saga()
                    + "' has no local transaction: it is not fenced. Add .fenced(fence) to the step or to the saga.");
        }
        return connection;
    }
}

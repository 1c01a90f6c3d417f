package io.entente.tm.tcc;

import io.entente.tm.fence.Fence;
import io.entente.tm.payload.PayloadNotUsableException;
import io.entente.tm.payload.Payloads;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is done to make a try final, and to undo it. An argument of type {@code A}, plain data, is kept at the coordinator
 * between the try and the decision; with several values, make a record of them.
 *
 * <pre>{@code
 * TccAction<Freeze> freeze = TccAction.named("freeze", Freeze.class)
 *         .confirm(argument -> settle(TccBranch.current().connection(), argument))
 *         .cancel(argument -> release(TccBranch.current().connection(), argument))
 *         .fencedBy(new Fence(new DataSourceTransactions(dataSource)));
 * }</pre>
 *
 * @param <A> what the three phases are called with
 * @see TccActions
 */
public final class TccAction<A> {

    private static final int LONGEST_NAME = 255;
    private static final String ARGUMENTS = "arguments";
    private static final String FENCED = "fenced";

    private final String name;
    private final List<TccParameter> parameters;
    private final Arguments<A> arguments;
    private final TccPhase<A, ? extends @Nullable Object> confirm;
    private final TccPhase<A, ? extends @Nullable Object> cancel;
    private final @Nullable Fence fence;

    private TccAction(
            Declaration<A> declaration,
            TccPhase<A, ? extends @Nullable Object> confirm,
            TccPhase<A, ? extends @Nullable Object> cancel,
            @Nullable Fence fence) {
        this.name = declaration.name();
        this.parameters = declaration.parameters();
        this.arguments = declaration.arguments();
        this.confirm = confirm;
        this.cancel = cancel;
        this.fence = fence;
    }

    /** Between an argument and the values of the parameters. */
    private interface Arguments<A> {
        List<@Nullable Object> toValues(A argument);

        A fromValues(List<@Nullable Object> values);
    }

    /**
     * Begins an action that takes one argument.
     *
     * @param name the same in all instances of the application, and unique in it
     * @throws IllegalArgumentException when the name is blank, contains a comma, or is longer than 255 characters, or the
     *     type is primitive
     */
    public static <A> Declaration<A> named(String name, Class<A> type) {
        if (type.isPrimitive()) {
            throw new IllegalArgumentException("TCC action " + name + " cannot take a primitive " + type
                    + ": use its class, as in Integer.class.");
        }
        return new Declaration<>(name, List.of(new TccParameter("argument", type)), new Arguments<>() {
            @Override
            public List<@Nullable Object> toValues(A argument) {
                return List.of(Objects.requireNonNull(argument, "the argument of a TCC action"));
            }

            @Override
            public A fromValues(List<@Nullable Object> values) {
                return type.cast(Objects.requireNonNull(values.get(0)));
            }
        });
    }

    /** Begins an action that takes a list of values, one for each of the parameters, as the methods of a bean do. */
    public static Declaration<List<@Nullable Object>> named(String name, List<TccParameter> parameters) {
        return new Declaration<>(name, List.copyOf(parameters), new Arguments<>() {
            @Override
            public List<@Nullable Object> toValues(List<@Nullable Object> argument) {
                return argument;
            }

            @Override
            public List<@Nullable Object> fromValues(List<@Nullable Object> values) {
                return values;
            }
        });
    }

    /** An action without its phases. */
    public static final class Declaration<A> {
        private final String name;
        private final List<TccParameter> parameters;
        private final Arguments<A> arguments;

        private Declaration(String name, List<TccParameter> parameters, Arguments<A> arguments) {
            if (name.isBlank() || name.contains(",") || name.length() > LONGEST_NAME) {
                throw new IllegalArgumentException("A TCC action cannot be named '" + name
                        + "': the name must not be blank, contain a comma, or be longer than " + LONGEST_NAME
                        + " characters.");
            }
            this.name = name;
            this.parameters = parameters;
            this.arguments = arguments;
        }

        private String name() {
            return name;
        }

        private List<TccParameter> parameters() {
            return parameters;
        }

        private Arguments<A> arguments() {
            return arguments;
        }

        /** What makes the try final. */
        public WithConfirm<A> confirm(TccPhase<A, ? extends @Nullable Object> confirm) {
            return new WithConfirm<>(this, confirm);
        }
    }

    /** An action without its cancel. */
    public static final class WithConfirm<A> {
        private final Declaration<A> declaration;
        private final TccPhase<A, ? extends @Nullable Object> confirm;

        private WithConfirm(Declaration<A> declaration, TccPhase<A, ? extends @Nullable Object> confirm) {
            this.declaration = declaration;
            this.confirm = confirm;
        }

        /** What undoes the try. */
        public WithCancel<A> cancel(TccPhase<A, ? extends @Nullable Object> cancel) {
            return new WithCancel<>(declaration, confirm, cancel);
        }
    }

    /** An action that does not say yet whether it is fenced. */
    public static final class WithCancel<A> {
        private final Declaration<A> declaration;
        private final TccPhase<A, ? extends @Nullable Object> confirm;
        private final TccPhase<A, ? extends @Nullable Object> cancel;

        private WithCancel(
                Declaration<A> declaration,
                TccPhase<A, ? extends @Nullable Object> confirm,
                TccPhase<A, ? extends @Nullable Object> cancel) {
            this.declaration = declaration;
            this.confirm = confirm;
            this.cancel = cancel;
        }

        /** Each phase runs in a local transaction of the fence, and takes effect at most once. */
        public TccAction<A> fencedBy(Fence fence) {
            return new TccAction<>(declaration, confirm, cancel, fence);
        }

        /**
         * The three phases see for themselves to what the fence would: confirm and cancel may be called again after they
         * succeeded, cancel may be called without a try or while one is under way, and a try may come after its cancel.
         */
        public TccAction<A> unfenced() {
            return new TccAction<>(declaration, confirm, cancel, null);
        }
    }

    /** Name of the action. */
    public String name() {
        return name;
    }

    @Nullable
    Fence fence() {
        return fence;
    }

    TccPhase<A, ? extends @Nullable Object> phase(boolean commit) {
        return commit ? confirm : cancel;
    }

    /** @throws PayloadNotUsableException naming the parameter whose value cannot be kept as JSON */
    String write(Payloads payloads, A argument) {
        List<@Nullable Object> values = arguments.toValues(argument);
        ArrayNode written = payloads.array();
        for (int i = 0; i < parameters.size(); i++) {
            TccParameter parameter = parameters.get(i);
            written.add(payloads.write(
                    "Argument '" + parameter.name() + "' of TCC action " + name, values.get(i), parameter.type()));
        }
        ObjectNode data = payloads.object();
        data.set(ARGUMENTS, written);
        data.put(FENCED, fence != null);
        return data.toString();
    }

    /**
     * @throws ArgumentsLostException the data was written for another action, or for another form of this one
     * @throws PayloadNotUsableException a value cannot be read
     */
    A read(Payloads payloads, String applicationData) {
        JsonNode written =
                payloads.parse("Data of TCC action " + name, applicationData).path(ARGUMENTS);
        if (!written.isArray() || written.size() != parameters.size()) {
            throw new ArgumentsLostException(
                    "The data of a branch of TCC action " + name + " does not hold the " + parameters.size()
                            + " argument(s) "
                            + parameters.stream().map(TccParameter::name).toList() + ": " + applicationData
                            + ". Were its parameters changed while transactions were under way?");
        }
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < parameters.size(); i++) {
            TccParameter parameter = parameters.get(i);
            values.add(payloads.read(
                    "Argument '" + parameter.name() + "' of TCC action " + name, written.get(i), parameter.type()));
        }
        return arguments.fromValues(values);
    }

    /** Whether the try was fenced; an action may have been fenced since, or no longer be. */
    boolean wasFenced(Payloads payloads, String applicationData) {
        return payloads.parse("Data of TCC action " + name, applicationData)
                .path(FENCED)
                .asBoolean(fence != null);
    }

    @Override
    public String toString() {
        return "TCC action " + name;
    }
}

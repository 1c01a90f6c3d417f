package io.entente.rm.call;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.Reader;
import java.io.Serializable;
import java.lang.reflect.Array;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a prepared statement, as the application set them. */
public final class Bindings {

    private final List<@Nullable Binding> byPosition = new ArrayList<>();

    /**
     * Remembers a parameter that the driver has taken.
     *
     * @param index from 1
     * @param value null for NULL
     * @param setter sets it in the same way elsewhere
     */
    public void bind(int index, @Nullable Object value, Binding.Setter setter) {
        boolean stream = value instanceof InputStream || value instanceof Reader;
        bind(index, new Binding(value, setter, !stream));
    }

    /** As {@link #bind(int, Object, Binding.Setter)}. */
    public void bind(int index, Binding binding) {
        // The driver has accepted the index before it comes here.
        while (byPosition.size() < index) {
            byPosition.add(null);
        }
        byPosition.set(index - 1, binding);
    }

    /** Forgets them all. */
    public void clear() {
        byPosition.clear();
    }

    /** As they are now, whatever is set later. */
    public Bindings snapshot() {
        Bindings copy = new Bindings();
        copy.byPosition.addAll(byPosition);
        return copy;
    }

    /** Whether all parameters can be sent again. */
    public boolean repeatable() {
        for (Binding binding : byPosition) {
            if (binding != null && !binding.repeatable()) {
                return false;
            }
        }
        return true;
    }

    /**
     * The parameter.
     *
     * @throws SQLException it was never set, or as a stream before the global transaction began
     */
    public Binding get(int index) throws SQLException {
        Binding binding = index <= byPosition.size() ? byPosition.get(index - 1) : null;
        if (binding == null) {
            throw new SQLException(
                    "Parameter " + index + " is not set. Set it before the statement is executed.", "07001");
        }
        if (!binding.repeatable()) {
            throw new SQLException(
                    "Parameter " + index
                            + " is a stream that was set before the global transaction began, or by setObject,"
                            + " so it cannot be read twice. Set it inside the global transaction with setBinaryStream or"
                            + " setCharacterStream, or as bytes or text.",
                    "0A000");
        }
        return binding;
    }

    /** Sets {@code count} parameters, beginning with number {@code first}, on another statement from position 1 on. */
    public void apply(PreparedStatement statement, int first, int count) throws SQLException {
        for (int i = 0; i < count; i++) {
            get(first + i).setter().set(statement, i + 1);
        }
    }

    /** The parameters of a part of the statement, as one of its own. */
    public Bindings slice(int first, int count) {
        Bindings part = new Bindings();
        for (int i = first - 1; i < first - 1 + count && i < byPosition.size(); i++) {
            part.byPosition.add(byPosition.get(i));
        }
        return part;
    }

    /** Sets all parameters on a statement of the same text. */
    public void applyAll(PreparedStatement statement) throws SQLException {
        apply(statement, 1, byPosition.size());
    }

    /** Sets those that are set and can be sent again; holes stay. */
    public void restore(PreparedStatement statement) throws SQLException {
        for (int i = 0; i < byPosition.size(); i++) {
            Binding binding = byPosition.get(i);
            if (binding != null && binding.repeatable()) {
                binding.setter().set(statement, i + 1);
            }
        }
    }

    /** Values that the application may change after it has set them are kept as they were. */
    @SuppressWarnings({"unchecked", "NullAway", "JavaUtilDate"})
    public static <T> T copy(@Nullable T value) {
        if (value instanceof Date date) {
            return (T) date.clone();
        }
        if (value instanceof Calendar calendar) {
            return (T) calendar.clone();
        }
        return value != null && value.getClass().isArray() ? (T) copyOfArray(value) : value;
    }

    /** As {@link #copy}, where the driver may get another object that says the same. */
    public static @Nullable Object kept(@Nullable Object value) {
        if (value instanceof CharSequence text) {
            return text.toString();
        }
        // Such as the Map that PostgreSQL's driver takes for an hstore.
        boolean container = value instanceof Map || value instanceof Collection;
        boolean ofTheDriver = value instanceof Serializable
                && !(value instanceof Enum)
                && !value.getClass().isArray()
                && !value.getClass().getName().startsWith("java.");
        return value instanceof Serializable object && (container || ofTheDriver) ? copyOfObject(object) : copy(value);
    }

    private static Object copyOfArray(Object array) {
        int length = Array.getLength(array);
        Object copy = Array.newInstance(array.getClass().getComponentType(), length);
        System.arraycopy(array, 0, copy, 0, length);
        if (copy instanceof Object[] elements) {
            for (int i = 0; i < length; i++) {
                elements[i] = copy(elements[i]);
            }
        }
        return copy;
    }

    /** Such as PostgreSQL's PGobject, of which applications like to use one for many rows. */
    private static Object copyOfObject(Serializable value) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(value);
            }
            ClassLoader loader = value.getClass().getClassLoader();
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())) {
                @Override
                protected Class<?> resolveClass(ObjectStreamClass type) throws ClassNotFoundException {
                    return Class.forName(type.getName(), false, loader);
                }
            }) {
                return in.readObject();
            }
        } catch (IOException | ClassNotFoundException | RuntimeException e) {
            // Then it cannot be copied; most that cannot do not change either.
            return value;
        }
    }
}

package io.entente.rm.undo.seata;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An object of one of Seata's own classes, as its Jackson writes it: {@code {"@class":"…", …}}.
 *
 * @param name the class without its package, for messages
 */
record Bean(String name, Map<String, Json> members) {

    static final String TYPE = "@class";

    /** Before 2.1 and since. */
    private static final List<String> HOMES = List.of("io.seata.rm.datasource.", "org.apache.seata.rm.datasource.");

    private static final Set<String> LISTS = Set.of("java.util.ArrayList", "java.util.LinkedList");

    /**
     * The object, which must be of this class and have exactly these properties.
     *
     * @param type the class below Seata's package, or several that are alike
     */
    static Bean of(Json value, Set<String> type, Set<String> properties) throws SeataRowException {
        if (!(value instanceof Json.Members object)) {
            throw new SeataRowException("its content has something else where " + type + " is expected");
        }
        String found = object.values().get(TYPE) instanceof Json.Text text ? text.value() : "no class";
        if (HOMES.stream().noneMatch(home -> found.startsWith(home) && type.contains(found.substring(home.length())))) {
            throw new SeataRowException("its content has " + found + " where " + type + " is expected");
        }
        Set<String> others = new HashSet<>(object.values().keySet());
        others.remove(TYPE);
        if (!others.equals(properties)) {
            throw new SeataRowException(
                    "its " + found + " has the properties " + others + ", and not " + properties + " as expected");
        }
        return new Bean(found.substring(found.lastIndexOf('.') + 1), object.values());
    }

    String text(String property) throws SeataRowException {
        if (members.get(property) instanceof Json.Text text) {
            return text.value();
        }
        throw unexpected(property, "a text");
    }

    long number(String property) throws SeataRowException {
        if (members.get(property) instanceof Json.Number number && number.whole()) {
            try {
                return Long.parseLong(number.text());
            } catch (NumberFormatException e) {
                throw new SeataRowException("the number " + number.text() + " of its " + name + " is too large", e);
            }
        }
        throw unexpected(property, "a number");
    }

    /** A list is written as an array of its class and an array of its elements. */
    List<Json> list(String property) throws SeataRowException {
        if (members.get(property) instanceof Json.Items pair
                && pair.values().size() == 2
                && pair.values().get(0) instanceof Json.Text type
                && LISTS.contains(type.value())
                && pair.values().get(1) instanceof Json.Items elements) {
            return elements.values();
        }
        throw unexpected(property, "a list");
    }

    Json value(String property) throws SeataRowException {
        @Nullable Json value = members.get(property);
        if (value == null) {
            throw unexpected(property, "a value");
        }
        return value;
    }

    private SeataRowException unexpected(String property, String expected) {
        return new SeataRowException("the property " + property + " of its " + name + " is not " + expected);
    }
}

package io.entente.configuration;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The {@code entente.*} keys that the modules on the class path declare in their configuration metadata. */
final class KnownProperties {

    static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("entente");

    private static final JsonFactory JSON = new JsonFactory();
    private static final String METADATA = "META-INF/spring-configuration-metadata.json";

    /** From name to type. */
    private final Map<ConfigurationPropertyName, String> types;

    private KnownProperties(Map<ConfigurationPropertyName, String> types) {
        this.types = types;
    }

    static KnownProperties on(ClassLoader classPath) {
        Map<ConfigurationPropertyName, String> types = new TreeMap<>();
        try {
            for (URL url : Collections.list(classPath.getResources(METADATA))) {
                try (InputStream in = url.openStream()) {
                    read(new String(in.readAllBytes(), StandardCharsets.UTF_8), types);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("The configuration metadata on the class path cannot be read: " + e, e);
        }
        return new KnownProperties(types);
    }

    private static void read(String json, Map<ConfigurationPropertyName, String> types) {
        // Most files on the class path are of others, and large.
        if (!json.contains("\"entente.")) {
            return;
        }
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean properties = parser.currentName().equals("properties");
                parser.nextToken();
                if (properties && parser.currentToken() == JsonToken.START_ARRAY) {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        readProperty(parser, types);
                    }
                } else {
                    parser.skipChildren();
                }
            }
        }
    }

    private static void readProperty(JsonParser parser, Map<ConfigurationPropertyName, String> types) {
        String name = "";
        String type = "";
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            if (field.equals("name")) {
                name = parser.getString();
            } else if (field.equals("type")) {
                type = parser.getString();
            }
            parser.skipChildren();
        }
        ConfigurationPropertyName key = ConfigurationPropertyName.adapt(name, '.');
        if (PREFIX.isAncestorOf(key)) {
            types.put(key, type);
        }
    }

    boolean isEmpty() {
        return types.isEmpty();
    }

    /** Whether they are those of an application, and not of a coordinator alone. */
    boolean isOfClient() {
        return types.containsKey(ConfigurationPropertyName.of("entente.server"));
    }

    /** Whether {@code name} is a declared key, an element of a declared list, or an entry of a declared map. */
    boolean contains(ConfigurationPropertyName name) {
        if (types.containsKey(name)) {
            return true;
        }
        for (int size = PREFIX.getNumberOfElements() + 1; size < name.getNumberOfElements(); size++) {
            String type = types.get(name.chop(size));
            if (type != null && (type.startsWith("java.util.Map") || name.isNumericIndex(size))) {
                return true;
            }
        }
        return false;
    }

    /** As {@link #contains}, for a name from an environment variable, where dots and dashes all became underscores. */
    boolean containsIgnoringSeparators(ConfigurationPropertyName name) {
        String flat = flat(name);
        return types.entrySet().stream().anyMatch(known -> {
            // Behind a list or a map come indexes and keys of its own.
            boolean open = known.getValue().startsWith("java.util.");
            return open ? flat.startsWith(flat(known.getKey())) : flat.equals(flat(known.getKey()));
        });
    }

    /** The declared key that takes the fewest edits to reach; null when there is none at all. */
    @Nullable
    Nearest nearest(ConfigurationPropertyName name) {
        String flat = flat(name);
        return types.keySet().stream()
                .map(known -> new Nearest(known.toString(), edits(flat, flat(known))))
                .min(Comparator.comparingInt(Nearest::edits).thenComparing(Nearest::key))
                .orElse(null);
    }

    /** A declared key and how many letters have to be changed, added or removed to get it. */
    record Nearest(String key, int edits) {}

    List<String> keys() {
        return types.keySet().stream().map(ConfigurationPropertyName::toString).toList();
    }

    private static String flat(ConfigurationPropertyName name) {
        StringBuilder flat = new StringBuilder();
        for (int i = PREFIX.getNumberOfElements(); i < name.getNumberOfElements(); i++) {
            flat.append(name.getElement(i, Form.UNIFORM));
        }
        return flat.toString().toLowerCase(Locale.ROOT);
    }

    private static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}

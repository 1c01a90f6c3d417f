package io.entente.tc;

import io.entente.tc.coordinator.IdSpace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The groups that a cluster is divided into, each with a log, a leader and a state of its own, and the transaction service
 * groups of the applications in each. Who is in none of them is in the group {@value IdSpace#DEFAULT_GROUP}.
 *
 * @param named transaction service groups by the name of the group
 */
public record Groups(Map<String, Set<String>> named) {

    /** Only the default one. */
    public static final Groups NONE = new Groups(Map.of());

    private static final String NAME = "[a-z][a-z0-9-]{0,31}";

    /** @throws IllegalArgumentException naming the key, its value and what is expected */
    public Groups {
        Map<String, Set<String>> sorted = new TreeMap<>();
        named.forEach((name, services) -> sorted.put(name, Set.copyOf(services)));
        Map<String, String> taken = new LinkedHashMap<>();
        List<String> before = new ArrayList<>();
        sorted.forEach((name, services) -> {
            check(name, services);
            for (String service : services) {
                String other = taken.put(service, name);
                if (other != null) {
                    throw new IllegalArgumentException("the transaction service group '" + service
                            + "' stands in entente.tc.groups." + other + " and in entente.tc.groups." + name
                            + "; expected in one of them");
                }
            }
            for (String other : before) {
                if (IdSpace.of(name).overlaps(IdSpace.of(other))) {
                    throw new IllegalArgumentException("entente.tc.groups." + name + " and entente.tc.groups." + other
                            + " would number their transactions alike, by an accident of their names; expected another name"
                            + " for the newer one");
                }
            }
            before.add(name);
        });
        named = Map.copyOf(sorted);
    }

    private static void check(String name, Set<String> services) {
        if (!name.matches(NAME) || name.equals(IdSpace.DEFAULT_GROUP)) {
            throw new IllegalArgumentException("entente.tc.groups." + name
                    + " is no name for a group; expected a letter, and up to 31 letters, digits and '-', all in lower case;"
                    + " '" + IdSpace.DEFAULT_GROUP + "' is the group of all that are in no other");
        }
        if (services.isEmpty() || services.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("entente.tc.groups." + name + " is '" + String.join(",", services)
                    + "'; expected transaction service groups of applications, separated by commas, for example"
                    + " orders_tx_group,stock_tx_group");
        }
    }

    /** All names; the default one first. */
    public List<String> names() {
        List<String> names = new ArrayList<>(List.of(IdSpace.DEFAULT_GROUP));
        named.keySet().stream().sorted().forEach(names::add);
        return names;
    }
}

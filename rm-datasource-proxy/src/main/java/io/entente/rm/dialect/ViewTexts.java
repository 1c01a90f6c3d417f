package io.entente.rm.dialect;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The queries of views, as catalogs tell them that put every name in quotes. Those of one name count as one. */
final class ViewTexts {

    private final char quote;
    private final Map<String, String> queries = new HashMap<>();

    ViewTexts(char quote) {
        this.quote = quote;
    }

    void add(String view, String query) {
        queries.merge(view, query, (one, other) -> one + " " + other);
    }

    /** Whether an expression of the catalog calls the function, or one of the package of that name. */
    boolean calls(String expression, String function) {
        return expression.contains(quoted(function) + "(") || expression.contains(quoted(function) + "." + quote);
    }

    /** The relations, and the views that read them or call one of the functions, directly or through other views. */
    Set<String> using(Set<String> functions, Set<String> relations) {
        Set<String> using = new HashSet<>(relations);
        queries.forEach((view, query) -> {
            if (functions.stream().anyMatch(function -> calls(query, function))) {
                using.add(view);
            }
        });
        boolean grown;
        do {
            grown = false;
            for (Map.Entry<String, String> view : queries.entrySet()) {
                if (!using.contains(view.getKey())
                        && using.stream().anyMatch(name -> view.getValue().contains(quoted(name)))) {
                    using.add(view.getKey());
                    grown = true;
                }
            }
        } while (grown);
        return using;
    }

    private String quoted(String name) {
        return quote + name.replace(String.valueOf(quote), "" + quote + quote) + quote;
    }
}

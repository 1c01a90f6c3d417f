package io.entente.testkit.database;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a script into statements at the semicolons that are not part of a text, a name or a comment. */
final class SqlScript {

    /** What may hold a semicolon that ends nothing, then the one that does. */
    private static final Pattern TOKEN = Pattern.compile(
            "'(?:[^']|'')*+'" // text
                    + "|\"[^\"]*+\"|`[^`]*+`" // quoted names
                    + "|(?<comment>--[^\\n]*+|/\\*.*?\\*/)"
                    + "|(?<dollar>\\$\\w*+\\$).*?\\k<dollar>" // text of PostgreSQL
                    + "|(?<end>;)",
            Pattern.DOTALL);

    private SqlScript() {}

    static List<String> statements(String script) {
        List<String> statements = new ArrayList<>();
        StringBuilder statement = new StringBuilder();
        Matcher matcher = TOKEN.matcher(script);
        while (matcher.find()) {
            if (matcher.group("end") != null) {
                matcher.appendReplacement(statement, "");
                addUnlessBlank(statements, statement);
                statement.setLength(0);
            } else if (matcher.group("comment") != null) {
                matcher.appendReplacement(statement, " ");
            } else {
                matcher.appendReplacement(statement, Matcher.quoteReplacement(matcher.group()));
            }
        }
        matcher.appendTail(statement);
        addUnlessBlank(statements, statement);
        return statements;
    }

    private static void addUnlessBlank(List<String> statements, StringBuilder statement) {
        String text = statement.toString().strip();
        if (!text.isEmpty()) {
            statements.add(text);
        }
    }
}

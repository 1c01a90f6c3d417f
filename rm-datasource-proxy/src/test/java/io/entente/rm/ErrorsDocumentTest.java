package io.entente.rm;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.entente.tm.GlobalTransactionException;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The table of errors in the documentation names those that there are, with their SQLSTATEs. */
class ErrorsDocumentTest {

    private static final Path PAGE = Path.of("../docs/at.md");

    /** Public because several packages need them, and never what the application is thrown. */
    private static final Set<String> INSIDE = Set.of(
            "RowsHeldException",
            "StaleTableException",
            "WrongTableException",
            "TableNotUsableException",
            "ColumnNotCapturableException",
            "UndoNotReadableException",
            "SeataRowException");

    /** The exceptions in the page's first columns, each with its lines. */
    private static TreeMap<String, List<String>> documented() throws IOException {
        TreeMap<String, List<String>> lines = new TreeMap<>();
        boolean inside = false;
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("## ")) {
                inside = line.equals("## Errors");
            }
            if (inside && line.startsWith("| `")) {
                lines.computeIfAbsent(line.substring(3, line.indexOf('`', 3)), any -> new ArrayList<>())
                        .add(line);
            }
        }
        return lines;
    }

    private static List<Class<?>> thrown() {
        List<Class<?>> all = new ArrayList<>();
        for (JavaClass found : new ClassFileImporter().importPackages("io.entente.rm", "io.entente.tm")) {
            boolean is = found.isAssignableTo(SQLException.class)
                            && found.getPackageName().startsWith("io.entente.rm")
                    || found.isAssignableTo(GlobalTransactionException.class)
                            && found.getPackageName().equals("io.entente.tm");
            if (is
                    && found.getModifiers().contains(JavaModifier.PUBLIC)
                    && !found.getModifiers().contains(JavaModifier.ABSTRACT)
                    && !INSIDE.contains(found.getSimpleName())) {
                all.add(found.reflect());
            }
        }
        return all;
    }

    @Test
    void each_exception_is_in_the_table_and_each_of_the_table_is_there() throws IOException {
        TreeSet<String> ours = new TreeSet<>();
        thrown().forEach(type -> ours.add(type.getSimpleName()));
        TreeSet<String> told = new TreeSet<>(documented().keySet());
        told.removeIf(name -> name.startsWith("SQL"));
        assertThat(told).isEqualTo(ours);
    }

    @Test
    void their_states_are_those_of_the_table() throws Exception {
        for (Class<?> type : thrown()) {
            for (Field field : type.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) && field.getType() == String.class) {
                    field.setAccessible(true);
                    String constant = String.valueOf(field.get(null));
                    if (constant.matches("[0-9A-Z]{5}")) {
                        assertThat(documented().get(type.getSimpleName()))
                                .as(type.getSimpleName())
                                .allSatisfy(line -> assertThat(line).contains("| " + constant + " |"));
                    }
                }
            }
        }
    }
}

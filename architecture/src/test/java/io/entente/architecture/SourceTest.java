package io.entente.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** What the sources themselves must look like. */
class SourceTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final int MOST_LINES_OF_A_FILE = 500;
    private static final int MOST_LINES_OF_A_METHOD = 70;

    /** Plain delegation, or refusal, of every JDBC method has the length that JDBC gives it. */
    private static final Pattern EXEMPT_FROM_LENGTH = Pattern.compile("(Forwarding|Unsupported)\\w+\\.java");

    private static final Pattern UNWANTED_IN_TESTS = Pattern.compile(
            "Thread\\.sleep|@Disabled|assumeTrue|assumeFalse|Assumptions\\.|org\\.mockito|TimeUnit\\.\\w+\\.sleep");

    private static List<Path> sources(String kind) {
        try (Stream<Path> files = Files.walk(ROOT)) {
            List<Path> sources = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> ROOT.relativize(file).toString().contains("src/" + kind + "/java"))
                    .toList();
            assertThat(sources).as("sources of %s", kind).hasSizeGreaterThan(20);
            return sources;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void files_are_short() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : sources("main")) {
            long lines = Files.readAllLines(file).size();
            if (lines > MOST_LINES_OF_A_FILE
                    && !EXEMPT_FROM_LENGTH
                            .matcher(file.getFileName().toString())
                            .matches()) {
                tooLong.add(ROOT.relativize(file) + ": " + lines + " lines");
            }
        }
        assertThat(tooLong).isEmpty();
    }

    @Test
    void methods_are_short() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> tooLong = new ArrayList<>();
        int[] methods = {0};
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources("main")));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new TreeScanner<Void, Void>() {
                    @Override
                    public Void visitMethod(MethodTree method, Void nothing) {
                        methods[0]++;
                        long first = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, method));
                        long last = unit.getLineMap().getLineNumber(positions.getEndPosition(unit, method));
                        if (last - first + 1 > MOST_LINES_OF_A_METHOD) {
                            tooLong.add(unit.getSourceFile().getName() + ": " + method.getName() + ", "
                                    + (last - first + 1) + " lines");
                        }
                        return super.visitMethod(method, nothing);
                    }
                }.scan(unit, null);
            }
        }
        assertThat(methods[0]).isGreaterThan(500);
        assertThat(tooLong).isEmpty();
    }

    @Test
    void tests_neither_sleep_nor_skip_nor_mock() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : sources("test")) {
            if (file.getFileName().toString().equals("SourceTest.java")) {
                continue;
            }
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (UNWANTED_IN_TESTS.matcher(lines.get(i)).find()) {
                    found.add(ROOT.relativize(file) + ":" + (i + 1) + ": "
                            + lines.get(i).strip());
                }
            }
        }
        assertThat(found).isEmpty();
    }
}

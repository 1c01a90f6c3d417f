package io.entente.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What may depend on what, and which names and habits are not wanted. */
class StructureTest {
    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.entente");

    private static final String[] SPRING_HOMES = {"..spring..", "io.entente.tc.server..", "io.entente.configuration.."};

    @Test
    void every_module_is_looked_at() {
        for (String known : List.of(
                "io.entente.protocol.Message",
                "io.entente.tc.coordinator.Coordinator",
                "io.entente.tm.GlobalTransactional",
                "io.entente.rm.jdbc.EntenteDataSource",
                "io.entente.testkit.EmbeddedCoordinator",
                "io.entente.simulation.Simulation")) {
            assertThat(ALL.contain(known)).as(known).isTrue();
        }
    }

    @Test
    void the_heart_of_the_coordinator_is_pure() {
        classes()
                .that()
                .resideInAnyPackage("io.entente.tc.transaction..", "io.entente.tc.lock..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java.lang..",
                        "java.util",
                        "java.util.function..",
                        "java.util.stream..",
                        "java.nio.charset..",
                        "io.entente.protocol",
                        "io.entente.tc.transaction..",
                        "io.entente.tc.lock..",
                        "io.netty.buffer..",
                        "org.jspecify..")
                .check(ALL);
        noClasses()
                .that()
                .resideInAnyPackage("io.entente.tc.transaction..", "io.entente.tc.lock..")
                .should()
                .dependOnClassesThat(describe("threads, time and chance", StructureTest::isImpure))
                .check(ALL);
    }

    private static boolean isImpure(JavaClass type) {
        return type.isEquivalentTo(Thread.class)
                || type.isEquivalentTo(System.class)
                || type.isEquivalentTo(java.util.Random.class)
                || type.isEquivalentTo(java.util.UUID.class);
    }

    @Test
    void no_packages_depend_on_each_other_in_a_circle() {
        slices().matching("io.entente.(**)").should().beFreeOfCycles().check(ALL);
    }

    @Test
    void spring_stays_in_its_own_packages() {
        noClasses()
                .that()
                .resideOutsideOfPackages(SPRING_HOMES)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework..")
                .check(ALL);
    }

    @Test
    void the_protocol_depends_on_nothing_of_ours() {
        noClasses()
                .that()
                .resideInAPackage("io.entente.protocol..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.entente..")
                        .and(describe(
                                "not the protocol",
                                type -> !type.getPackageName().startsWith("io.entente.protocol"))))
                .check(ALL);
    }

    @Test
    void clients_know_nothing_of_the_server() {
        noClasses()
                .that()
                .resideInAnyPackage("io.entente.tm..", "io.entente.rm..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.entente.tc..", "io.entente.testkit..")
                .check(ALL);
    }

    @Test
    void a_simulation_has_no_threads_and_no_time_of_its_own() {
        noClasses()
                .that()
                .resideInAPackage("io.entente.simulation..")
                .and()
                .haveSimpleNameNotEndingWith("Runs")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.concurrent.locks..", "java.nio.file..", "java.net..")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Thread.class, "start")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callConstructor(java.util.Random.class)
                .check(ALL);
    }

    @Test
    void there_is_no_mutable_static_state() {
        fields().that().areStatic().should().haveModifier(JavaModifier.FINAL).check(ALL);
    }

    @Test
    void nobody_sleeps_and_time_comes_from_a_clock() {
        noClasses()
                .that()
                .haveSimpleNameNotEndingWith("Clock")
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .check(ALL);
    }

    @Test
    void names_say_what_a_thing_is() {
        classes()
                .should()
                .haveSimpleNameNotEndingWith("Manager")
                .andShould()
                .haveSimpleNameNotEndingWith("Helper")
                .andShould()
                .haveSimpleNameNotEndingWith("Util")
                .andShould()
                .haveSimpleNameNotEndingWith("Utils")
                .andShould()
                .haveSimpleNameNotEndingWith("Impl")
                .andShould()
                .haveSimpleNameNotStartingWith("Abstract")
                .andShould()
                .haveSimpleNameNotStartingWith("Default")
                .check(ALL);
        noClasses()
                .should()
                .resideInAnyPackage("..common..", "..core..", "..util..", "..utils..", "..base..", "..impl..")
                .check(ALL);
    }

    @Test
    void every_package_is_null_marked() {
        for (JavaClass type : ALL) {
            JavaPackage home = type.getPackage();
            assertThat(home.isAnnotatedWith(NullMarked.class))
                    .as("package %s has a package-info with @NullMarked", home.getName())
                    .isTrue();
        }
    }
}

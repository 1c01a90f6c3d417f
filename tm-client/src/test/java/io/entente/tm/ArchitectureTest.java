package io.entente.tm;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.entente.tm");

    @Test
    void the_classes_are_found() {
        assertThat(CLASSES.contain(EntenteClient.class)).isTrue();
        assertThat(CLASSES.size()).isGreaterThan(30);
    }

    @Test
    void spring_and_servlets_are_used_only_in_the_spring_package() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.entente.tm.spring..")
                .should()
                .dependOnClassesThat(resideInAPackage("org.springframework..")
                        .or(resideInAPackage("jakarta.."))
                        .or(resideInAPackage("reactor..")))
                .check(CLASSES);
    }

    @Test
    void only_the_accessor_knows_context_propagation() {
        noClasses()
                .that()
                .doNotHaveSimpleName("TransactionContextAccessor")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.micrometer..")
                .check(CLASSES);
    }

    @Test
    void the_api_does_not_know_its_spring_side() {
        noClasses()
                .that()
                .resideInAPackage("io.entente.tm")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.entente.tm.spring..")
                .check(CLASSES);
    }

    @Test
    void static_fields_are_final() {
        fields().that().areStatic().should().beFinal().check(CLASSES);
    }

    @Test
    void only_a_clock_reads_the_time() {
        noClasses()
                .that()
                .haveSimpleNameNotEndingWith("Clock")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .check(CLASSES);
    }

    @Test
    void names_say_what_a_thing_is() {
        noClasses()
                .should()
                .haveNameMatching(".*(Manager|Helper|Utils?|Impl)")
                .orShould()
                .haveSimpleNameStartingWith("Default")
                .orShould()
                .haveSimpleNameStartingWith("Abstract")
                .check(CLASSES);
    }

    @Test
    void every_package_is_null_marked() {
        CLASSES.stream()
                .map(type -> type.getPackage())
                .distinct()
                .forEach(type -> assertThat(type.isAnnotatedWith(NullMarked.class))
                        .as(type.getName())
                        .isTrue());
    }
}

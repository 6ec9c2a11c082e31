package dev.godwit.phase;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of docs/architecture.md, over all modules: this one depends on every other. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.godwit");

    @Test
    void modulesDependOneWay() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("phase-runner")
                .definedBy("dev.godwit.phase..")
                .layer("fetch-loader")
                .definedBy("dev.godwit.fetch..")
                .layer("verify-job")
                .definedBy("dev.godwit.verify..")
                .layer("streams-apply")
                .definedBy("dev.godwit.apply..")
                .layer("connectors")
                .definedBy("dev.godwit.connectors..")
                .layer("local-stack")
                .definedBy("dev.godwit.local..")
                .layer("database")
                .definedBy("dev.godwit.database..")
                .whereLayer("phase-runner")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("fetch-loader")
                .mayOnlyBeAccessedByLayers("phase-runner")
                .whereLayer("verify-job")
                .mayOnlyBeAccessedByLayers("phase-runner")
                .whereLayer("streams-apply")
                .mayOnlyBeAccessedByLayers("phase-runner")
                .whereLayer("connectors")
                .mayOnlyBeAccessedByLayers("phase-runner")
                .whereLayer("local-stack")
                .mayOnlyBeAccessedByLayers("phase-runner")
                .because("modules are swapped and tested one by one: what two of them need belongs into database,"
                        + " and what ties them together into phase-runner")
                .check(CLASSES);
    }

    @Test
    void databaseKnowsNothingOfKafka() {
        noClasses()
                .that()
                .resideInAPackage("dev.godwit.database..")
                .should()
                .dependOnClassesThat(resideInAPackage("org.apache.kafka..").or(resideInAPackage("io.debezium..")))
                .because("a job that needs no Kafka must not have to carry it")
                .check(CLASSES);
    }

    @Test
    void onlyDemoAndSoakUseTheLocalStack() {
        noClasses()
                .that()
                .resideInAPackage("dev.godwit.phase..")
                .and()
                .resideOutsideOfPackages("dev.godwit.phase.demo..", "dev.godwit.phase.soak..", "dev.godwit.phase.cli..")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.godwit.local.."))
                .because("what moves a user's data must not depend on embedded servers")
                .check(CLASSES);
    }

    @Test
    void onlyMainEndsTheJvm() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.godwit.phase.cli.Main")
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "exit", int.class)
                .because("what runs inside of another program must throw instead")
                .check(CLASSES);
    }

    @Test
    void noTestSleeps() throws IOException {
        Path root = Path.of("..").toAbsolutePath().normalize();
        // Put together here, so that this file does not find itself.
        String forbidden = "Thread." + "sleep(";
        try (Stream<Path> modules = Files.list(root)) {
            List<Path> sleepers = modules.map(module -> module.resolve("src/test"))
                    .filter(Files::isDirectory)
                    .flatMap(ArchitectureTest::javaFiles)
                    .filter(file -> read(file).contains(forbidden))
                    .toList();
            assertThat(sleepers)
                    .as("a test that sleeps is slow where it passes and fails where it is slow; wait for a condition")
                    .isEmpty();
        }
    }

    private static Stream<Path> javaFiles(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

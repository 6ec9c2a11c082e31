package dev.godwit.phase.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code ./godwit} in a clone of its own, with programs in the place of java and mvn that write down how they were called. */
class LauncherScriptTest {
    @TempDir
    Path directory;

    private Path clone;
    private Path programs;

    @BeforeEach
    void makeClone() throws IOException {
        clone = directory.resolve("a clone");
        programs = Files.createDirectories(directory.resolve("programs"));
        Files.createDirectories(clone.resolve("phase-runner/src/main/java"));
        Files.createDirectories(clone.resolve(".mvn"));
        Files.writeString(clone.resolve("pom.xml"), "<project/>");
        Files.writeString(clone.resolve("phase-runner/pom.xml"), "<project/>");
        Files.writeString(clone.resolve("phase-runner/src/main/java/A.java"), "class A {}");
        Files.copy(Path.of("../godwit"), clone.resolve("godwit"));
        executable(clone.resolve("godwit"));
        program("java", """
                [ "$1" = -version ] && { echo 'openjdk version "17.0.15" 2025-04-15' >&2; exit 0; }
                for argument; do echo "[$argument]"; done
                exit 7""");
        program("mvn", """
                if [ "$1" = -version ]; then echo 'Apache Maven 3.8.7'; echo 'Java version: 17.0.15, vendor: x'; exit 0; fi
                echo build >>"$LOG"
                echo '[INFO] Building database 0.1.0 [2/8]'
                mkdir -p phase-runner/target
                echo "$PWD/phase-runner/pom.xml" >phase-runner/target/godwit.classpath""");
        // What was there before the build must not look newer than its stamp.
        age(clone);
    }

    private void program(String name, String body) throws IOException {
        Path program = programs.resolve(name);
        Files.writeString(program, "#!/bin/sh\n" + body + "\n");
        executable(program);
    }

    private static void executable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void age(Path root) throws IOException {
        try (var files = Files.walk(root)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
            }
        }
    }

    @Test
    void buildsOnceAndHandsArgumentsAndExitCodeThrough() throws Exception {
        Run first = run("phase", "plan", "--phase", "a file.yaml");
        assertThat(first.exitCode).isEqualTo(7);
        assertThat(first.output)
                .contains("The first build downloads its dependencies", "building database [2/8]")
                .contains("[dev.godwit.phase.cli.Main]", "[--phase]", "[a file.yaml]");
        Run second = run("phase", "status");
        assertThat(second.output).doesNotContain("uild").contains("[status]");
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void buildsAgainAfterASourceHasChangedOrGone() throws Exception {
        run("demo");
        Files.writeString(clone.resolve("phase-runner/src/main/java/B.java"), "class B {}");
        Files.setLastModifiedTime(
                clone.resolve("phase-runner/src/main/java/B.java"),
                FileTime.from(Instant.now().plusSeconds(5)));
        assertThat(run("demo").output).contains("Building what has changed");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void buildsAgainWhereALibraryIsGone() throws Exception {
        run("demo");
        Files.writeString(clone.resolve("phase-runner/target/godwit.classpath"), clone + "/gone.jar\n");
        run("demo");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void takesTheLockOfADeadBuildAway() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        assertThat(dead.waitFor(10, TimeUnit.SECONDS)).isTrue();
        Files.createDirectories(clone.resolve("phase-runner/target"));
        Files.writeString(clone.resolve("phase-runner/target/godwit.lock"), dead.pid() + "\n");
        assertThat(run("demo").exitCode).isEqualTo(7);
        assertThat(clone.resolve("phase-runner/target/godwit.lock")).doesNotExist();
    }

    @Test
    void refusesAnOldJavaAndAnOldMaven() throws Exception {
        program("java", "echo 'java version \"1.8.0_392\"' >&2");
        Run java = run("demo");
        assertThat(java.exitCode).isEqualTo(2);
        assertThat(java.output).contains("is Java 1.8.0_392", "remedy: install a JDK 17 or newer");

        program("java", "echo 'openjdk version \"21\" 2023-09-19' >&2");
        program("mvn", "echo 'Apache Maven 3.6.3'; echo 'Java version: 21, vendor: x'");
        Run maven = run("demo");
        assertThat(maven.exitCode).isEqualTo(2);
        assertThat(maven.output).contains("mvn is Maven 3.6.3", "remedy: install Apache Maven 3.8 or newer");
    }

    @Test
    void tellsWhatTheBuildComplainsAbout() throws Exception {
        program("mvn", """
                if [ "$1" = -version ]; then echo 'Apache Maven 3.9.1'; echo 'Java version: 17, vendor: x'; exit 0; fi
                echo '[ERROR] A.java:[1,1] no sense'; exit 1""");
        Run run = run("demo");
        assertThat(run.exitCode).isEqualTo(1);
        assertThat(run.output).contains("no sense", "error: the build failed", "godwit-build.log");
        assertThat(clone.resolve("phase-runner/target/godwit.lock")).doesNotExist();
    }

    private long builds() throws IOException {
        return Files.readAllLines(directory.resolve("log")).size();
    }

    private record Run(int exitCode, String output) {}

    private Run run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(clone.resolve("godwit").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.remove("JAVA_HOME");
        environment.put("PATH", programs + ":/usr/bin:/bin");
        environment.put("LOG", directory.resolve("log").toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), output);
    }
}

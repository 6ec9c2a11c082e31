package dev.godwit.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.RefusedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the program is found and asked for certificates. Whether a real one takes that, CockroachProgramTest of the connectors shows. */
class CockroachStackTest {
    @TempDir
    private Path directory;

    @Test
    void theVariableNamesTheProgramOrIsRefused() throws Exception {
        Path program = Files.createFile(
                directory.resolve("cockroach"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));

        assertThat(CockroachServer.program(program.toString())).contains(program);
        assertThatThrownBy(() -> CockroachServer.program(directory.toString()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("not a program");
    }

    @Test
    void certificatesAreForTheLoopbackAddressAndTheClientsKeyIsInTheFormOfJava() {
        List<List<String>> commands = CockroachServer.certificates(Path.of("/bin/cockroach"), Path.of("/c"));

        assertThat(commands).hasSize(3);
        assertThat(commands.get(1)).contains("create-node", "127.0.0.1", "localhost");
        assertThat(commands.get(2)).contains("create-client", "root", "--also-generate-pkcs8-key");
        assertThat(commands)
                .allSatisfy(command -> assertThat(command).contains("--certs-dir=/c", "--ca-key=/c/ca.key"));
    }
}

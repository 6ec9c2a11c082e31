package dev.godwit.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.RefusedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the program is found and asked for certificates. Whether a real one takes that, CockroachOnServerTest of the connectors shows. */
class CockroachStackTest {
    @TempDir
    private Path directory;

    private Path program(String name) throws Exception {
        return Files.createFile(
                directory.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    @Test
    void theVariableNamesTheProgramOrIsRefused() throws Exception {
        Path named = program("cockroach");

        assertThat(CockroachProgram.find(named.toString(), "an-image", Optional.of(program("other"))))
                .isEqualTo(new InstalledCockroach(named));
        assertThatThrownBy(() -> CockroachProgram.find(directory.toString(), null, Optional.empty()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("not a program");
    }

    @Test
    void theProgramOnThePathIsTakenIfNothingIsNamed() throws Exception {
        Path onPath = program("cockroach");

        assertThat(CockroachProgram.find("", " ", Optional.of(onPath))).isEqualTo(new InstalledCockroach(onPath));
        assertThatThrownBy(() -> CockroachProgram.find(null, null, Optional.empty()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("GODWIT_COCKROACH_IMAGE");
    }

    @Test
    void certificatesAreForTheLoopbackAddressAndTheClientsKeyIsInTheFormOfJava() {
        List<List<String>> commands = CockroachServer.certificates(Path.of("/c"));

        assertThat(commands).hasSize(3);
        assertThat(commands.get(1)).contains("create-node", "127.0.0.1", "localhost");
        assertThat(commands.get(2)).contains("create-client", "root", "--also-generate-pkcs8-key");
        assertThat(commands)
                .allSatisfy(command -> assertThat(command).contains("cert", "--certs-dir=/c", "--ca-key=/c/ca.key"));
    }
}

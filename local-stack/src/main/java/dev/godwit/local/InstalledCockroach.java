package dev.godwit.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A {@code cockroach} binary of the user. */
record InstalledCockroach(Path program) implements CockroachProgram {
    @Override
    public void prepare() {}

    @Override
    public List<String> command(WorkDirectory directory, String name, int run, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        return command;
    }

    @Override
    public void kill(WorkDirectory directory, String name, int run, ChildProcess process) {
        process.kill();
    }
}

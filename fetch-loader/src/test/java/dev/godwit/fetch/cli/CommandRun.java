package dev.godwit.fetch.cli;

import dev.godwit.database.RefusedException;
import dev.godwit.fetch.TestDatabases;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** {@code godwit fetch} as a user runs it, with what it printed. */
final class CommandRun {
    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();
    RefusedException refused;
    private final TestDatabases databases;
    private final Path directory;
    private Confirmation confirmation = Confirmation.nobody();
    private List<String> always = List.of();

    CommandRun(TestDatabases databases, Path directory) {
        this.databases = databases;
        this.directory = directory;
    }

    /** Options that every run has. */
    CommandRun with(List<String> options) {
        always = List.copyOf(options);
        return this;
    }

    CommandRun answering(String answer) {
        confirmation = Confirmation.by(() -> answer);
        return this;
    }

    Path file(String name, String text) {
        try {
            return Files.writeString(directory.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the exit code. What earlier runs printed is forgotten. */
    int run(Object... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        refused = null;
        List<String> all = new ArrayList<>();
        for (Object argument : arguments) {
            all.add(argument.toString());
        }
        all.addAll(always);
        all.add("--pglogical-replication-slot-name=" + databases.slot);
        Map<String, String> environment = Map.of(
                "GODWIT_SOURCE", databases.source.url().withPassword(),
                "GODWIT_TARGET", databases.target.url().withPassword());
        return new CommandLine(new FetchCommand(environment, confirmation))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler((failure, command, result) -> {
                    if (failure instanceof RefusedException refusal) {
                        refused = refusal;
                        return 2;
                    }
                    throw failure;
                })
                .execute(all.toArray(String[]::new));
    }

    /** What {@code godwit fetch tokens list} prints. */
    String tokens(String... arguments) {
        StringWriter printed = new StringWriter();
        int code = new CommandLine(new TokensListCommand(
                        Map.of("GODWIT_TARGET", databases.target.url().withPassword())))
                .setOut(new PrintWriter(printed))
                .execute(arguments);
        return code == 0 ? printed.toString() : "exit code " + code;
    }

    /** For failure messages: all that is known. */
    String told() {
        return out + "\n" + err + "\n" + refused;
    }
}

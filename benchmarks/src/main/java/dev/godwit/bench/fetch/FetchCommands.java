package dev.godwit.bench.fetch;

import dev.godwit.database.DatabaseUrl;
import dev.godwit.fetch.cli.FetchCommand;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;

/** The command lines of the contestants, each a pipeline of one or two programs. */
final class FetchCommands {
    private static final Pattern VERSION = Pattern.compile("(\\d+)(\\.\\d+)?");

    private final DatabaseUrl source;
    private final DatabaseUrl target;
    private final FetchWorkload workload;
    private final Path directory;

    FetchCommands(DatabaseUrl source, DatabaseUrl target, FetchWorkload workload, Path directory) {
        this.source = source;
        this.target = target;
        this.workload = workload;
        this.directory = directory;
    }

    /** Why the contestant cannot run on this machine; empty if it can. */
    static Optional<String> obstacle(FetchContestant contestant, int serverMajorVersion) {
        return switch (contestant) {
            case PIPE -> program("psql").isEmpty() ? Optional.of("there is no psql on the PATH") : Optional.empty();
            case PG_DUMP -> {
                Optional<Path> program = program("pg_dump");
                if (program.isEmpty() || program("psql").isEmpty()) {
                    yield Optional.of("there is no pg_dump or no psql on the PATH");
                }
                int version = majorVersion(program.get());
                yield version < serverMajorVersion
                        ? Optional.of("pg_dump " + version + " refuses servers newer than itself; this one is "
                                + serverMajorVersion)
                        : Optional.empty();
            }
            case PGCOPYDB ->
                program("pgcopydb").isEmpty() ? Optional.of("there is no pgcopydb on the PATH") : Optional.empty();
            case GODWIT_1, GODWIT_4 -> Optional.empty();
            case GODWIT_FILES ->
                takes("--local-path") ? Optional.empty() : Optional.of("this version loads without files only");
        };
    }

    /** Whether the load has this option. */
    private static boolean takes(String option) {
        return new CommandLine(new FetchCommand()).getCommandSpec().findOption(option) != null;
    }

    private static Optional<Path> program(String name) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(Pattern.quote(File.pathSeparator)))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static int majorVersion(Path program) {
        try {
            Process process = new ProcessBuilder(program.toString(), "--version").start();
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                Matcher version = VERSION.matcher(String.valueOf(out.readLine()));
                return version.find() ? Integer.parseInt(version.group(1)) : 0;
            }
        } catch (IOException e) {
            return 0;
        }
    }

    /** The processes, each reading what the one before it writes. */
    List<ProcessBuilder> pipeline(FetchContestant contestant, String slot, int heapMiB, List<String> jvmOptions) {
        String table = workload.table();
        return switch (contestant) {
            case PIPE ->
                List.of(psql(source, "COPY " + table + " TO STDOUT"), psql(target, "COPY " + table + " FROM STDIN"));
            case PG_DUMP ->
                List.of(
                        with(source, "pg_dump", "--data-only", "--table=public." + table),
                        with(target, "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"));
            case PGCOPYDB ->
                List.of(new ProcessBuilder(
                        "pgcopydb",
                        "copy",
                        "table-data",
                        "--source",
                        source.withPassword(),
                        "--target",
                        target.withPassword(),
                        "--table-jobs=4",
                        "--split-tables-larger-than=64MB",
                        "--dir=" + directory.resolve("pgcopydb")));
            case GODWIT_1, GODWIT_4, GODWIT_FILES -> List.of(godwit(contestant, slot, heapMiB, jvmOptions));
        };
    }

    private static ProcessBuilder psql(DatabaseUrl url, String sql) {
        return with(url, "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--command=" + sql);
    }

    private static ProcessBuilder with(DatabaseUrl url, String... command) {
        List<String> all = new ArrayList<>(List.of(command));
        all.add("--dbname=" + url.withPassword());
        return new ProcessBuilder(all);
    }

    private ProcessBuilder godwit(FetchContestant contestant, String slot, int heapMiB, List<String> jvmOptions) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heapMiB + "m",
                "-Dfile.encoding=UTF-8"));
        command.addAll(jvmOptions);
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                "dev.godwit.phase.cli.Main",
                "fetch",
                "--json",
                "--table-filter=" + workload.table(),
                "--pglogical-replication-slot-name=" + slot));
        contestant.options().stream().filter(FetchCommands::takes).forEach(command::add);
        command.add("--table-concurrency=1");
        command.add("--export-concurrency=" + contestant.shards());
        if (contestant.usesFiles()) {
            command.add("--local-path=" + directory.resolve("files-" + slot));
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("GODWIT_SOURCE", source.withPassword());
        builder.environment().put("GODWIT_TARGET", target.withPassword());
        return builder;
    }
}

package dev.godwit.verify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** {@code godwit verify} in a process of its own, so that it can be killed. */
public final class VerifyChild {
    private VerifyChild() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new VerifyCommand()).execute(arguments));
    }

    /** Of the tables in schema {@code s} of {@link TwoDatabases}. */
    static ProcessBuilder of(Path output, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                VerifyChild.class.getName(),
                "--schema-filter=s"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().put("GODWIT_SOURCE", TwoDatabases.source().url().withPassword());
        builder.environment().put("GODWIT_TARGET", TwoDatabases.target().url().withPassword());
        return builder;
    }
}

package dev.godwit.bench;

/** The entry point of {@code godwit bench}: Godwit's command line with one more command. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        dev.godwit.phase.cli.Main.run(arguments, new BenchCommand());
    }
}

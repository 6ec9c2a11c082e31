package dev.godwit.phase.cli;

import java.io.Console;
import java.util.Optional;

/** Finds out whether a person sits at the other end. */
final class Terminal {
    private Terminal() {}

    /** Empty if input or output is redirected. */
    @SuppressWarnings("SystemConsoleNull") // that of newer JDKs is asked whether it is a terminal
    static Optional<Console> console() {
        return Optional.ofNullable(System.console()).filter(Terminal::isTerminal);
    }

    /** JDK 22 has a console without a terminal too, and a method that tells; JDK 17 has neither. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }
}

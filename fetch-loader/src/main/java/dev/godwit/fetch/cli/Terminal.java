package dev.godwit.fetch.cli;

import java.io.Console;
import java.util.Optional;

/** Whether somebody sits there. */
public final class Terminal {
    private Terminal() {}

    /** From Java 22 on there is a console object in a pipe too, which has to be asked. */
    public static Optional<Console> console() {
        Optional<Console> console = Optional.ofNullable(System.console());
        try {
            boolean terminal = console.isPresent()
                    && (boolean) Console.class.getMethod("isTerminal").invoke(console.get());
            return terminal ? console : Optional.empty();
        } catch (NoSuchMethodException e) {
            return console; // an older Java: a console is a terminal
        } catch (ReflectiveOperationException e) {
            return Optional.empty();
        }
    }
}

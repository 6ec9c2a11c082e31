package dev.godwit.verify;

import java.io.Console;

/** Whether somebody looks. */
final class Terminal {
    private Terminal() {}

    /** Since Java 22 there is a console also where output goes to a file; it then says of itself that it is no terminal. */
    @SuppressWarnings("SystemConsoleNull")
    static boolean isThere() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true; // before Java 22
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}

package dev.godwit.fetch.cli;

import dev.godwit.database.RefusedException;
import java.io.Console;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.Supplier;

/** Asks the user before something is dropped. */
final class Confirmation {
    private static final String WORD = "drop";

    private final Optional<Supplier<String>> answers;

    private Confirmation(Optional<Supplier<String>> answers) {
        this.answers = answers;
    }

    static Confirmation atTerminal() {
        return new Confirmation(Terminal.console().map(console -> () -> answer(console)));
    }

    private static String answer(Console console) {
        return console.readLine();
    }

    /** For tests: whoever answers, without a terminal. */
    static Confirmation by(Supplier<String> answers) {
        return new Confirmation(Optional.of(answers));
    }

    static Confirmation nobody() {
        return new Confirmation(Optional.empty());
    }

    /** @throws RefusedException unless the user types the word */
    void require(PrintWriter err) {
        if (answers.isEmpty()) {
            throw new RefusedException(
                    "this load drops something first, and there is no terminal to ask at",
                    "look at the warnings above, and add --non-interactive if that is what you want; nothing was written");
        }
        err.print("Type \"" + WORD + "\" to go on: ");
        err.flush();
        String answer = answers.get().get();
        if (answer == null || !answer.strip().equals(WORD)) {
            throw new RefusedException("not confirmed", "nothing was written; run it again and type " + WORD);
        }
    }
}

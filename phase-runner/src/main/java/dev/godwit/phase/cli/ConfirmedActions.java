package dev.godwit.phase.cli;

import dev.godwit.phase.run.UserAction;
import dev.godwit.phase.run.UserActions;
import java.io.Console;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Takes the user's word from {@code --confirm}, or asks on the terminal if there is one. */
final class ConfirmedActions implements UserActions {
    private final Set<UserAction> confirmed;
    private final PrintWriter out;

    ConfirmedActions(Set<UserAction> confirmed, PrintWriter out) {
        this.confirmed = confirmed;
        this.out = out;
    }

    @Override
    public boolean perform(UserAction action) throws InterruptedException {
        if (action == UserAction.RETURN_TRAFFIC) {
            out.println("   now " + action.request() + ": it has everything");
            out.flush();
            return true;
        }
        if (confirmed.contains(action)) {
            return true;
        }
        Optional<Console> console = Terminal.console();
        return console.isPresent() && asked(console.get(), action);
    }

    /** Reading from a terminal cannot be interrupted, so another thread does it. */
    private static boolean asked(Console console, UserAction action) throws InterruptedException {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Thread reader = new Thread(
                () -> answer.complete(console.readLine("   %s. Is that done? (yes/no) ", action.request())),
                "terminal");
        reader.setDaemon(true);
        reader.start();
        try {
            String text = answer.get();
            return text != null && text.strip().toLowerCase(Locale.ROOT).equals("yes");
        } catch (ExecutionException e) {
            throw new IllegalStateException("the terminal cannot be read", e);
        }
    }
}

package dev.godwit.phase.cli;

import dev.godwit.apply.deadletter.DeadLetter;
import java.util.Locale;

/** How dead letters are spoken of. */
final class DeadLetterNames {
    private DeadLetterNames() {}

    static String reason(DeadLetter letter) {
        return letter.cause().reason().name().toLowerCase(Locale.ROOT);
    }
}

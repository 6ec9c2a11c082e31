package dev.godwit.phase.cli;

import dev.godwit.apply.deadletter.DeadLetter;
import dev.godwit.apply.deadletter.DeadLetter.Reason;
import dev.godwit.phase.run.PhaseApplier;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code godwit apply dead-letters list}. */
@Command(
        name = "list",
        header = "Lists dead letters in the order of their transactions.",
        description = "The records themselves are in the dead-letter topic, under the key POSITION:NUMBER.",
        sortOptions = false,
        usageHelpAutoWidth = true,
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n")
final class DeadLettersListCommand implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private HelpOption help;

    @Mixin
    private DirectionOption phase;

    /** Which letters to list. */
    private enum State {
        OPEN,
        REPLAYED,
        ALL;

        boolean has(DeadLetter letter) {
            return this == ALL || letter.replayedAt().isPresent() == (this == REPLAYED);
        }
    }

    @Option(names = "--state", paramLabel = "STATE", description = "open: not replayed yet (default); replayed; all.")
    private State state = State.OPEN;

    @Option(names = "--table", paramLabel = "SCHEMA.TABLE", description = "Only those of this table.")
    private String table;

    @Option(
            names = "--reason",
            paramLabel = "REASON",
            description =
                    "Only bad_row (the target does not take it), same_transaction (it is good itself) or depends_on_earlier (it follows a"
                            + " change of the same row that stands aside).")
    private Reason reason;

    @Override
    public Integer call() {
        List<DeadLetter> letters = PhaseApplier.deadLetters(phase.file(), phase.direction()).stream()
                .filter(state::has)
                .filter(letter -> table == null || letter.table().toString().equals(table))
                .filter(letter -> reason == null || letter.cause().reason() == reason)
                .toList();
        if (phase.json()) {
            letters.forEach(letter -> JsonLines.write(phase.out(), json(letter)));
            return 0;
        }
        letters.forEach(letter -> phase.out().println(text(letter)));
        phase.out().println(letters.size() + " dead letters");
        return 0;
    }

    private static String text(DeadLetter letter) {
        return letter.position() + ":" + letter.number() + " " + letter.table()
                + letter.key().map(key -> " key " + key).orElse(" (truncate)") + " at " + letter.origin() + ": "
                + DeadLetterNames.reason(letter)
                + letter.cause()
                        .sqlState()
                        .map(code -> " (SQLSTATE " + code + ")")
                        .orElse("") + ": "
                + letter.cause().message()
                + letter.replayedAt().map(time -> "; replayed at " + time).orElse("");
    }

    private static Map<String, Object> json(DeadLetter letter) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("position", letter.position().toString());
        line.put("number", letter.number());
        line.put("table", letter.table().toString());
        line.put("key", letter.key().map(key -> (Object) key.values()).orElse(null));
        line.put("reason", DeadLetterNames.reason(letter));
        line.put("sqlstate", letter.cause().sqlState().orElse(null));
        line.put("message", letter.cause().message());
        line.put("depends_on", letter.cause().dependsOn().map(Object::toString).orElse(null));
        line.put("topic", letter.origin().partition().topic());
        line.put("partition", letter.origin().partition().partition());
        line.put("offset", letter.origin().offset());
        line.put("committed_at", letter.committedAt().toString());
        line.put("put_aside_at", letter.parkedAt().toString());
        line.put("replayed_at", letter.replayedAt().map(Instant::toString).orElse(null));
        return line;
    }
}

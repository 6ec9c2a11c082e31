package dev.godwit.phase.cli;

import dev.godwit.apply.DomainStatus;
import dev.godwit.phase.run.PhaseApplier;
import dev.godwit.phase.run.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code godwit apply status}. */
@Command(
        name = "status",
        header = "Shows how far a direction is: its consistent point, and what stands aside.",
        description = "Reads the ledger alone, and writes nothing. Whether an applier runs is not asked.",
        sortOptions = false,
        usageHelpAutoWidth = true,
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n")
final class ApplyStatusCommand implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private HelpOption help;

    @Mixin
    private DirectionOption phase;

    @Override
    public Integer call() {
        PhaseApplier.Status status = PhaseApplier.status(phase.file(), phase.direction());
        Optional<DomainStatus> found = status.ledger();
        if (phase.json()) {
            JsonLines.write(phase.out(), json(status));
            return 0;
        }
        phase.out()
                .println(found.map(domain -> text(status.domain(), domain))
                        .orElse(status.domain() + ": no applier has begun yet"));
        return 0;
    }

    private static String text(String name, DomainStatus domain) {
        String point = domain.consistentPoint()
                .map(position -> "consistent up to " + position + ", committed at the replication source at "
                        + domain.committedAt().orElseThrow() + " ("
                        + Words.duration(Duration.between(domain.committedAt().orElseThrow(), Instant.now())) + " ago)")
                .orElse("nothing is applied yet");
        return name + ": " + point + "; epoch " + domain.epoch() + "; " + domain.deadLetters()
                + " changes stand aside as dead letters";
    }

    private static Map<String, Object> json(PhaseApplier.Status status) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("domain", status.domain());
        line.put("begun", status.ledger().isPresent());
        status.ledger().ifPresent(domain -> {
            line.put("epoch", domain.epoch());
            line.put("consistent_point", domain.consistentPoint().orElse(null));
            line.put("committed_at", domain.committedAt().map(Instant::toString).orElse(null));
            line.put(
                    "age_ms",
                    domain.committedAt()
                            .map(time -> Duration.between(time, Instant.now()).toMillis())
                            .orElse(null));
            line.put("marker", domain.marker().orElse(null));
            line.put("changed_at", domain.changedAt().toString());
            line.put("dead_letters", domain.deadLetters());
        });
        return line;
    }
}

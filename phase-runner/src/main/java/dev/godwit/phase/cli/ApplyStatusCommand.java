package dev.godwit.phase.cli;

import dev.godwit.apply.ApplyMode;
import dev.godwit.apply.DomainStatus;
import dev.godwit.phase.run.PhaseApplier;
import dev.godwit.phase.run.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
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
        if (phase.json()) {
            JsonLines.write(phase.out(), json(status));
            return 0;
        }
        if (status.domains().isEmpty()) {
            phase.out().println(status.domain() + ": no applier has begun yet");
        }
        if (status.domains().size() > 1) {
            phase.out()
                    .println(status.domain() + ": "
                            + status.mode().map(ApplyMode::label).orElse("") + ", "
                            + status.domains().size()
                            + " ordering domains; together they are as far as the last of them");
        }
        status.domains().forEach(domain -> phase.out().println(text(domain)));
        return 0;
    }

    private static String text(DomainStatus domain) {
        String point = domain.consistentPoint()
                .map(position -> "consistent up to " + position + ", committed at the replication source at "
                        + domain.committedAt().orElseThrow() + " ("
                        + Words.duration(Duration.between(domain.committedAt().orElseThrow(), Instant.now())) + " ago)")
                .orElse("nothing is applied yet");
        return domain.domain() + ": " + point + "; epoch " + domain.epoch() + "; " + domain.deadLetters()
                + " changes stand aside as dead letters";
    }

    /** With one domain, its values; with several, those of the one that is furthest behind, and a list of all. */
    private static Map<String, Object> json(PhaseApplier.Status status) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("domain", status.domain());
        line.put("begun", !status.domains().isEmpty());
        status.mode().ifPresent(mode -> line.put("mode", mode.label()));
        status.domains().stream()
                .min(Comparator.comparing(ApplyStatusCommand::point))
                .ifPresent(last -> {
                    line.putAll(values(last));
                    line.put(
                            "dead_letters",
                            status.domains().stream()
                                    .mapToInt(DomainStatus::deadLetters)
                                    .sum());
                });
        if (status.domains().size() > 1) {
            line.put(
                    "domains",
                    status.domains().stream()
                            .map(domain -> {
                                Map<String, Object> one = new LinkedHashMap<>();
                                one.put("domain", domain.domain());
                                one.putAll(values(domain));
                                return one;
                            })
                            .toList());
        }
        return line;
    }

    private static Instant point(DomainStatus domain) {
        return domain.committedAt().orElse(Instant.MIN);
    }

    private static Map<String, Object> values(DomainStatus domain) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("epoch", domain.epoch());
        values.put("consistent_point", domain.consistentPoint().orElse(null));
        values.put("committed_at", domain.committedAt().map(Instant::toString).orElse(null));
        values.put(
                "age_ms",
                domain.committedAt()
                        .map(time -> Duration.between(time, Instant.now()).toMillis())
                        .orElse(null));
        values.put("marker", domain.marker().orElse(null));
        values.put("changed_at", domain.changedAt().toString());
        values.put("dead_letters", domain.deadLetters());
        return values;
    }
}

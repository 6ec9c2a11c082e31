package dev.godwit.phase.soak;

import dev.godwit.apply.ApplyMode;
import dev.godwit.database.RefusedException;
import dev.godwit.phase.demo.Narrator;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit soak apply}. */
@Command(
        name = "apply",
        header = "Kills appliers, Kafka Connect, the broker and the target at random under live traffic.",
        description = {
            "Starts the local stack, replicates one region of the demo's data and a table of paired rows forward, and makes a fault from"
                    + " time to time. A reader on the target watches that no row goes back to an older version and no transaction is seen in"
                    + " part. At the end the traffic stops, and every row is compared.",
            "",
            "The last line is a JSON object with \"result\": \"pass\" or \"fail\"."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:passed", "1:failed", "2:refused or wrong usage"})
final class SoakApplyCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(SoakApplyCommand.class);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description = {
                "consistent, grouped or immediate (three partitions). Default: consistent. In the last two there are two"
                        + " appliers, which share the groups or partitions; in immediate the reader watches each row by itself."
            })
    private String mode = ApplyMode.CONSISTENT.label();

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "How long traffic and faults last. Default: ${DEFAULT-VALUE}.")
    private double minutes = 10;

    @Option(
            names = "--kill-every",
            paramLabel = "SECONDS",
            description = "Between two faults, on average. Default: ${DEFAULT-VALUE}.")
    private int killEvery = 15;

    @Option(
            names = "--faults",
            paramLabel = "FAULT",
            split = ",",
            description =
                    "What to choose from: applier-killed, applier-frozen, applier-replaced, target-connections-killed, target-crashed,"
                            + " connect-restarted, connect-killed, broker-restarted, broker-killed. Default: all.")
    private List<String> faults = Arrays.stream(Fault.values()).map(Fault::word).toList();

    @Option(
            names = "--traffic-rate",
            paramLabel = "N",
            description = "Transactions per second of the demo's traffic, over all regions. Default: ${DEFAULT-VALUE}.")
    private double trafficRate = 60;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of faults, data and traffic. Default: the time.")
    private Long seed;

    @Override
    public Integer call() throws InterruptedException {
        SoakSettings settings = new SoakSettings(
                mode(),
                Duration.ofMillis((long) (minutes * 60_000)),
                Duration.ofSeconds(killEvery),
                faults.stream().map(SoakApplyCommand::fault).toList(),
                true,
                seed == null ? System.currentTimeMillis() : seed,
                trafficRate);
        PrintWriter out = spec.commandLine().getOut();
        SoakResult result = run(settings, new Narrator(out));
        out.println(result.json());
        out.flush();
        return result.isPass() ? 0 : 1;
    }

    private static SoakResult run(SoakSettings settings, Narrator narrator) throws InterruptedException {
        try {
            return new Soak(settings, narrator).run();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            LOG.error("the soak has broken off", e);
            narrator.say("broke off: " + e.getMessage());
            return SoakResult.failed(settings, e);
        }
    }

    private ApplyMode mode() {
        return Arrays.stream(ApplyMode.values())
                .filter(value -> value.label().equals(mode))
                .findFirst()
                .orElseThrow(() -> new RefusedException(
                        "there is no mode \"" + mode + "\"", "use one of: consistent, grouped, immediate"));
    }

    private static Fault fault(String word) {
        return Arrays.stream(Fault.values())
                .filter(fault -> fault.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new RefusedException(
                        "there is no fault \"" + word + "\"",
                        "use one of: "
                                + Arrays.stream(Fault.values()).map(Fault::word).collect(Collectors.joining(", "))));
    }
}

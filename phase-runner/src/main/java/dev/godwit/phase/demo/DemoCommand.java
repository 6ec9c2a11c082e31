package dev.godwit.phase.demo;

import dev.godwit.database.RefusedException;
import dev.godwit.local.CockroachServer;
import dev.godwit.local.StackSettings.Source;
import dev.godwit.local.StackSettings.Target;
import dev.godwit.local.demo.DemoData;
import dev.godwit.local.demo.Region;
import dev.godwit.local.demo.TrafficSettings;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit demo}. */
@Command(
        name = "demo",
        header = "Shows a whole phased migration with failback on this machine.",
        description = {
            "Starts Kafka, Kafka Connect with Debezium, a source and a target database in a temporary directory, lets an application write"
                    + " to the source, and moves one region after the other to the target and back while it writes. Everything is"
                    + " removed at the end.",
            "",
            "The last line is a JSON object with \"result\": \"pass\" or \"fail\"."
        },
        sortOptions = false,
        usageHelpAutoWidth = true,
        mixinStandardHelpOptions = true,
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:passed", "1:failed", "2:refused or wrong usage"})
public final class DemoCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(DemoCommand.class);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--source",
            paramLabel = "KIND",
            description =
                    "What the source is: postgresql (default), or mysql, for which Maven fetches some 550 MB the first time, unless a mysqld"
                            + " is on the PATH or named by GODWIT_MYSQLD. MySQL needs the system library libaio.")
    private String source = Source.POSTGRESQL.label();

    @Option(
            names = "--target",
            paramLabel = "KIND",
            description =
                    "What plays the target: postgresql-stand-in (default), or cockroachdb where a cockroach program is on the PATH or"
                            + " named by GODWIT_COCKROACH, or GODWIT_COCKROACH_IMAGE names an image for Docker or Podman.")
    private String target = Target.POSTGRESQL_STAND_IN.label();

    @Option(
            names = "--rows",
            paramLabel = "N",
            description =
                    "Rows in the source before the traffic begins, over all tables and regions. Default: ${DEFAULT-VALUE}.")
    private int rows = DemoData.DEFAULT_ROWS;

    @Option(
            names = "--traffic-rate",
            paramLabel = "N",
            description = "Transactions per second of the application, over all regions. Default: ${DEFAULT-VALUE}.")
    private double trafficRate = TrafficSettings.defaults().transactionsPerSecond();

    @Option(
            names = "--phases",
            paramLabel = "REGION",
            split = ",",
            description = "Regions to move, one after the other, out of eu, us-east, us-west, apac. Default: eu.")
    private List<String> phases = List.of("eu");

    @Option(names = "--keep", description = "Leave everything running at the end and say how to connect.")
    private boolean keep;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of data and traffic. Default: ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Override
    public Integer call() throws InterruptedException {
        DemoSettings settings = new DemoSettings(
                Arrays.stream(Source.values())
                        .filter(kind -> kind.label().equals(source))
                        .findFirst()
                        .orElseThrow(() ->
                                new RefusedException("--source " + source + " is unknown", "use postgresql or mysql")),
                Arrays.stream(Target.values())
                        .filter(kind -> kind.label().equals(target))
                        .findFirst()
                        .orElseThrow(() -> new RefusedException(
                                "--target " + target + " is unknown", "use postgresql-stand-in or cockroachdb")),
                rows,
                trafficRate,
                phases.stream().map(Region::of).toList(),
                keep,
                seed);
        if (settings.target() == Target.COCKROACHDB) {
            CockroachServer.whyNot().ifPresent(reason -> {
                throw reason;
            });
        }
        PrintWriter out = spec.commandLine().getOut();
        DemoResult result = run(settings, new Narrator(out));
        out.println(result.json());
        out.flush();
        return result.isPass() ? 0 : 1;
    }

    private static DemoResult run(DemoSettings settings, Narrator narrator) throws InterruptedException {
        try {
            return new Demo(settings, narrator).run();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            LOG.error("the demo has failed", e);
            narrator.say("failed: " + e.getMessage());
            if (e instanceof RefusedException refused) {
                narrator.say("remedy: " + refused.remedy());
            }
            return DemoResult.failed(settings, e);
        }
    }
}

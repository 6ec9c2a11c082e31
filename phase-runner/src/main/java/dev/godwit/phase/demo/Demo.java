package dev.godwit.phase.demo;

import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.local.LocalStack;
import dev.godwit.local.MysqlServer;
import dev.godwit.local.StackSettings;
import dev.godwit.local.StackSettings.Source;
import dev.godwit.local.StackSettings.Target;
import dev.godwit.local.demo.DemoData;
import dev.godwit.local.demo.DemoSchema;
import dev.godwit.local.demo.LostWriteCheck;
import dev.godwit.local.demo.MysqlDemoSchema;
import dev.godwit.local.demo.Region;
import dev.godwit.local.demo.Side;
import dev.godwit.local.demo.Traffic;
import dev.godwit.local.demo.TrafficRouter;
import dev.godwit.local.demo.TrafficSettings;
import dev.godwit.phase.run.Words;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/** The whole story, from an empty machine to the rollback drill. */
final class Demo {
    private static final String DATABASE = "shop";

    private final DemoSettings settings;
    private final Narrator narrator;
    private final DemoResult result;

    Demo(DemoSettings settings, Narrator narrator) {
        this.settings = settings;
        this.narrator = narrator;
        this.result = new DemoResult(settings);
    }

    DemoResult run() throws Exception {
        narrator.say("starting Kafka, Kafka Connect with Debezium, " + (isMysql() ? "MySQL" : "PostgreSQL")
                + " as the source, and " + targetInWords() + " as the target");
        if (isMysql()) {
            MysqlServer.whyNot().ifPresent(reason -> {
                throw reason;
            });
        }
        try (LocalStack stack = LocalStack.start(StackSettings.defaults(settings.source(), settings.target()))) {
            Database source = Database.connect("source", sourceUrl(stack));
            Database target = Database.connect("target", stack.target().createDatabase(DATABASE));
            narrator.say(
                    "all of it runs on this machine: source " + source.version().split(" on ")[0] + ", target "
                            + target.version().split(" on ")[0]);
            fill(source, target);
            TrafficRouter router = new TrafficRouter(source, target);
            try (Traffic traffic = Traffic.start(
                    router,
                    new TrafficSettings(
                            settings.trafficRate(), TrafficSettings.defaults().writers(), settings.seed()))) {
                narrator.say("traffic runs: " + settings.trafficRate() + " transactions per second over "
                        + Region.values().length + " regions, all on the source");
                List<DemoPhase> phases = new ArrayList<>();
                try {
                    movePhases(stack, source, target, router, traffic, phases);
                    finish(source, target, router, traffic, phases);
                    if (settings.keep()) {
                        keepRunning(stack, source, target);
                    }
                } finally {
                    phases.forEach(DemoPhase::close);
                }
            }
            return result;
        }
    }

    private boolean isMysql() {
        return settings.source() == Source.MYSQL;
    }

    /** MySQL's database is called as the schema of the target, so that the application's statements are the same on both sides. */
    private DatabaseUrl sourceUrl(LocalStack stack) {
        return isMysql()
                ? MysqlDemoSchema.sourceUrl(stack.source().createDatabase(DemoSchema.SCHEMA))
                : stack.source().createDatabase(DATABASE);
    }

    private String targetInWords() {
        return settings.target() == Target.COCKROACHDB ? "CockroachDB" : "PostgreSQL standing in for CockroachDB";
    }

    private void fill(Database source, Database target) throws SQLException {
        try (Connection ofSource = source.open();
                Connection ofTarget = target.open()) {
            if (isMysql()) {
                MysqlDemoSchema.createTables(ofSource);
                MysqlDemoSchema.createTargetTables(ofTarget, target.product());
            } else {
                DemoSchema.createTables(ofSource, source.product());
                DemoSchema.createTargetTables(ofTarget, target.product());
            }
        }
        long rows = DemoData.fill(source, settings.rows(), settings.seed());
        narrator.say("the source has " + Words.count(rows) + " rows in " + DemoSchema.TABLES.size() + " tables: "
                + DemoSchema.TABLES.stream().map(table -> table.name()).collect(Collectors.joining(", ")));
    }

    private void movePhases(
            LocalStack stack,
            Database source,
            Database target,
            TrafficRouter router,
            Traffic traffic,
            List<DemoPhase> phases)
            throws Exception {
        for (Region region : settings.phases()) {
            narrator.print("");
            narrator.say("phase " + region + ": rows where " + region.filter() + " move to the target"
                    + (phases.isEmpty() ? "" : "; earlier phases are in failback meanwhile"));
            DemoPhase phase = new DemoPhase(region, phases.isEmpty(), stack, source, target, router, traffic, narrator);
            phases.add(phase);
            phase.moveToTarget();
        }
    }

    private void finish(Database source, Database target, TrafficRouter router, Traffic traffic, List<DemoPhase> phases)
            throws Exception {
        narrator.print("");
        phases.get(0).returnToSource();
        for (DemoPhase phase : phases.subList(1, phases.size())) {
            result.mismatches(phase.compareAtRest());
            phase.stopFailback();
            router.open(phase.region(), Side.TARGET);
        }
        traffic.pause();
        for (Region region : Region.values()) {
            Database owner = router.side(region) == Side.SOURCE ? source : target;
            result.lostWrites(LostWriteCheck.owner(owner, region, traffic));
        }
        result.traffic(traffic.counts());
        for (DemoPhase phase : phases) {
            result.phase(phase);
            narrator.print("");
            new StepTable(phase).lines().forEach(narrator::print);
        }
        narrator.print("");
        result.sentences(narrator.elapsed()).forEach(narrator::say);
        if (settings.keep()) {
            traffic.resume();
        }
    }

    private static String mysqlClient(DatabaseUrl url) {
        return "mysql --host=" + url.host() + " --port=" + url.port() + " --user=" + url.user() + " --password="
                + url.password() + " " + url.database();
    }

    private void keepRunning(LocalStack stack, Database source, Database target) throws InterruptedException {
        narrator.print("");
        narrator.print("Everything keeps running until Ctrl-C. To look around:");
        narrator.print("  source         "
                + (isMysql()
                        ? mysqlClient(source.url())
                        : "psql '" + source.url().withPassword() + "'"));
        narrator.print("  target         psql '" + target.url().withPassword() + "'");
        narrator.print("  Kafka          " + stack.kafka().bootstrapServers());
        narrator.print("  Kafka Connect  " + stack.connect().restUrl());
        narrator.print("  phase files    " + stack.directory().resolve("phases"));
        narrator.print(result.json());
        new CountDownLatch(1).await();
    }
}

package dev.godwit.connectors;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** CockroachDB's own changefeed, which is a job of the cluster and known by the prefix of its topics. */
public final class CockroachChangefeed implements Changefeed {
    private static final Logger log = LoggerFactory.getLogger(CockroachChangefeed.class);
    private static final Duration FOLLOWS_WITHIN = Duration.ofSeconds(60);
    /** Ended jobs of the same name stay in the list for some hours (newer versions) or weeks; the latest one that can still run is ours. */
    private static final String FIND_SQL = "SELECT job_id, status, coalesce(error, ''), coalesce(running_status, ''),"
            + " coalesce(high_water_timestamp::STRING, '') FROM [SHOW CHANGEFEED JOBS]"
            + " WHERE (strpos(sink_uri || '&', ?) > 0 OR sink_uri = ?) AND status NOT IN ('canceled', 'succeeded')"
            + " ORDER BY (status = 'failed'), created DESC LIMIT 1";

    private final Database target;
    private final PhaseDirection phase;
    private final Optional<Plan> plan;

    /** What only {@link #deploy} needs. */
    private record Plan(
            ChangefeedStatement statement,
            TopicSettings topics,
            String bootstrapServers,
            Map<String, String> clientSettings) {}

    /** A row of {@code SHOW CHANGEFEED JOBS}. */
    private record Job(long id, String status, String error, String runningStatus, String highWater) {}

    private CockroachChangefeed(Database target, PhaseDirection phase, Optional<Plan> plan) {
        this.target = target;
        this.phase = phase;
        this.plan = plan;
    }

    /**
     * @param bootstrapServers as this process reaches the broker, which may differ from how CockroachDB does
     * @param clientSettings Kafka client settings of this process beside the servers
     */
    public static CockroachChangefeed of(
            Database target,
            ChangefeedStatement statement,
            TopicSettings topics,
            String bootstrapServers,
            Map<String, String> clientSettings) {
        Plan plan = new Plan(statement, topics, bootstrapServers, Map.copyOf(clientSettings));
        return new CockroachChangefeed(target, statement.phase(), Optional.of(plan));
    }

    /** A changefeed that is there already: everything but {@link #deploy}. */
    public static CockroachChangefeed existing(Database target, PhaseDirection failback) {
        return new CockroachChangefeed(target, failback, Optional.empty());
    }

    @Override
    public void deploy() {
        Plan planned = plan.orElseThrow(
                () -> new IllegalStateException("this object can only look after an existing changefeed"));
        ChangefeedStatement statement = planned.statement();
        Optional<Job> job = find();
        if (job.isPresent() && !job.get().status().equals("failed")) {
            resume();
            return;
        }
        TopicNames.check(statement.captured(), table -> phase.failbackTopic(statement.database(), table));
        ChangefeedPreflight.check(target, statement);
        try (Topics topics = Topics.on(planned.bootstrapServers(), planned.clientSettings())) {
            topics.create(statement.topicNames(), planned.topics());
        }
        create(statement);
        await("running");
    }

    private void create(ChangefeedStatement statement) {
        try (Connection connection = target.open();
                Statement sql = connection.createStatement()) {
            if (statement.externalConnectionSql().isPresent()) {
                // One of an earlier feed may hold other secrets; no feed uses it, or we would not be here.
                dropExternalConnection(sql);
                sql.execute(statement.externalConnectionSql().get());
            }
            sql.execute(statement.sql());
        } catch (SQLException e) {
            if (NoLicenceException.isMeantBy(e.getMessage())) {
                throw new NoLicenceException(Secrets.scrub(e.getMessage()), e);
            }
            throw refusal("create the changefeed", e);
        }
    }

    private void dropExternalConnection(Statement sql) {
        try {
            sql.execute("DROP EXTERNAL CONNECTION \"" + ChangefeedStatement.externalConnection(phase) + "\"");
        } catch (SQLException e) {
            log.debug("there is no external connection of {}, or it may not be dropped", phase, e);
        }
    }

    @Override
    public ChangefeedStatus status() {
        return find().map(job -> new ChangefeedStatus(
                        state(job.status()),
                        "job " + job.id(),
                        Optional.of(job.error().isBlank() ? job.runningStatus() : job.error())
                                .filter(reason ->
                                        !reason.isBlank() && state(job.status()) != ChangefeedStatus.State.RUNNING)
                                .map(Secrets::scrub),
                        Optional.of(job.highWater()).filter(text -> !text.isBlank())))
                .orElseGet(() -> ChangefeedStatus.absent(phase.domain()));
    }

    static ChangefeedStatus.State state(String jobStatus) {
        return switch (jobStatus) {
            case "running" -> ChangefeedStatus.State.RUNNING;
            case "paused", "pause-requested" -> ChangefeedStatus.State.PAUSED;
            case "pending" -> ChangefeedStatus.State.STARTING;
            default -> ChangefeedStatus.State.FAILED; // failed, reverting, cancel-requested, ...
        };
    }

    @Override
    public void pause() {
        Job job = require();
        if (!job.status().startsWith("pause")) {
            control("PAUSE JOB ", job);
        }
        await("paused");
    }

    @Override
    public void resume() {
        Job job = require();
        if (job.status().equals("pause-requested")) {
            await("paused");
        }
        if (job.status().startsWith("pause")) {
            control("RESUME JOB ", job);
        }
        await("running");
    }

    @Override
    public void delete() {
        find().filter(job -> !job.status().equals("failed")).ifPresent(job -> control("CANCEL JOB ", job));
        try (Connection connection = target.open();
                Statement sql = connection.createStatement()) {
            dropExternalConnection(sql);
        } catch (SQLException e) {
            throw refusal("connect", e);
        }
    }

    private void control(String command, Job job) {
        try (Connection connection = target.open();
                Statement sql = connection.createStatement()) {
            sql.execute(command + job.id());
        } catch (SQLException e) {
            throw refusal("run " + command + job.id(), e);
        }
    }

    private Job require() {
        return find().orElseThrow(() -> new RefusedException(
                "there is no changefeed for " + phase.domain(), "deploy it first: godwit connectors deploy"));
    }

    private Optional<Job> find() {
        try (Connection connection = target.open();
                PreparedStatement sql = connection.prepareStatement(FIND_SQL)) {
            sql.setString(1, ChangefeedStatement.mark(phase) + "&");
            sql.setString(2, "external://" + ChangefeedStatement.externalConnection(phase));
            try (ResultSet row = sql.executeQuery()) {
                return row.next()
                        ? Optional.of(new Job(
                                row.getLong(1), row.getString(2), row.getString(3), row.getString(4), row.getString(5)))
                        : Optional.empty();
            }
        } catch (SQLException e) {
            throw refusal("list changefeeds", e);
        }
    }

    private void await(String status) {
        boolean reached = Pause.until(
                () -> {
                    Job job = require();
                    // on_error='pause': an error shows as a paused job, with the reason as its running status
                    if (job.status().equals("failed")
                            || (!status.equals("paused") && job.status().equals("paused"))) {
                        throw new ConnectorFailedException(
                                "the changefeed for " + phase.domain() + " (job " + job.id() + ") is " + job.status()
                                        + ": "
                                        + Secrets.scrub(job.error().isBlank() ? job.runningStatus() : job.error()),
                                "mend the cause, then deploy again");
                    }
                    return job.status().equals(status);
                },
                FOLLOWS_WITHIN);
        if (!reached) {
            throw new ConnectorFailedException(
                    "the changefeed for " + phase.domain() + " is not " + status + " after "
                            + FOLLOWS_WITHIN.toSeconds() + " s",
                    "look at SHOW CHANGEFEED JOBS on the target");
        }
    }

    private RefusedException refusal(String attempt, SQLException e) {
        return new RefusedException(
                "the " + target + " does not let Godwit " + attempt + ": "
                        + Secrets.scrub(String.valueOf(e.getMessage())),
                "mend the cause that the server names, then try again",
                e);
    }
}

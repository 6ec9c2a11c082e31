package dev.godwit.connectors;

import dev.godwit.connectors.FeedJobs.Job;
import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** CockroachDB's own changefeed, which is a job of the cluster and known by the prefix of its topics. */
public final class CockroachChangefeed implements Changefeed {
    private static final Logger log = LoggerFactory.getLogger(CockroachChangefeed.class);
    private static final Duration FOLLOWS_WITHIN = Duration.ofSeconds(60);
    /** CockroachDB looks for cancelled jobs every 10 s, and for those that nobody runs (a paused one) every 30 s; then it may need as long again. */
    private static final Duration ENDS_WITHIN = Duration.ofMinutes(3);

    private final Database target;
    private final PhaseDirection phase;
    private final FeedJobs jobs;
    private final Optional<Plan> plan;

    /** What only {@link #deploy} needs. */
    private record Plan(
            ChangefeedStatement statement,
            TopicSettings topics,
            String bootstrapServers,
            Map<String, String> clientSettings) {}

    private CockroachChangefeed(Database target, PhaseDirection phase, Optional<Plan> plan) {
        this.target = target;
        this.phase = phase;
        this.jobs = new FeedJobs(target, phase);
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
        Optional<Job> job = jobs.find().filter(found -> !found.hasFailed());
        if (job.isPresent() && !job.get().isEnding()) {
            jobs.note(job.get().id());
            resume();
            return;
        }
        checkTopicNames(statement);
        TopicNames.check(statement.captured(), table -> phase.failbackTopic(statement.database(), table));
        ChangefeedPreflight.check(target, statement);
        // What an ending one still sends would stand among the messages of the new one, and promise too much.
        job.ifPresent(ending -> awaitEnd(Job::isEnding));
        try (Topics topics = Topics.on(planned.bootstrapServers(), planned.clientSettings())) {
            topics.create(statement.topicNames(), planned.topics());
        }
        create(statement);
        await("running");
    }

    private void checkTopicNames(ChangefeedStatement statement) {
        SinkTopicNames.quoted(target, statement.version(), statement.database(), statement.captured())
                .ifPresent(name -> {
                    throw new NoOwnFeedException(
                            "CockroachDB " + statement.version() + " would write the name \"" + name
                                    + "\" in quotes into the topics of its feed (cockroach#148181), where nobody looks for them",
                            null);
                });
    }

    private void create(ChangefeedStatement statement) {
        OptionalLong job;
        try (Connection connection = target.open();
                Statement sql = connection.createStatement()) {
            if (statement.externalConnectionSql().isPresent()) {
                // One of an earlier feed may hold other secrets; no feed uses it, or we would not be here.
                dropExternalConnection(sql);
                sql.execute(statement.externalConnectionSql().get());
            }
            job = number(sql, statement.sql());
        } catch (SQLException e) {
            if (NoOwnFeedException.isAboutLicence(e.getMessage())) {
                dropExternalConnection();
                throw new NoOwnFeedException(
                        "the target has no licence for changefeeds into Kafka (" + Secrets.scrub(e.getMessage()) + ")",
                        e);
            }
            throw FeedJobs.refusal(target, "create the changefeed", e);
        }
        job.ifPresent(jobs::note);
    }

    /** CockroachDB answers with the number of the job. */
    private static OptionalLong number(Statement sql, String create) throws SQLException {
        if (sql.execute(create)) {
            try (ResultSet row = sql.getResultSet()) {
                return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
            }
        }
        return OptionalLong.empty();
    }

    private void dropExternalConnection() {
        try (Connection connection = target.open();
                Statement sql = connection.createStatement()) {
            dropExternalConnection(sql);
        } catch (SQLException e) {
            throw FeedJobs.refusal(target, "connect", e);
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
        return jobs.find()
                .or(jobs::noted)
                .map(job -> new ChangefeedStatus(
                        state(job.status()),
                        "job " + job.id(),
                        Optional.of(job.reason())
                                .filter(reason ->
                                        !reason.isBlank() && state(job.status()) != ChangefeedStatus.State.RUNNING),
                        Optional.of(job.highWater()).filter(text -> !text.isBlank())))
                .orElseGet(() -> ChangefeedStatus.absent(phase.domain()));
    }

    static ChangefeedStatus.State state(String jobStatus) {
        return switch (jobStatus) {
            case "running" -> ChangefeedStatus.State.RUNNING;
            case "paused", "pause-requested" -> ChangefeedStatus.State.PAUSED;
            // retry-running: waits a while before it tries again
            case "pending", "retry-running" -> ChangefeedStatus.State.STARTING;
            default -> ChangefeedStatus.State.FAILED; // failed, reverting, canceled, cancel-requested, ...
        };
    }

    @Override
    public void pause() {
        Job job = require();
        if (!job.isPaused()) {
            jobs.control("PAUSE", job);
        }
        await("paused");
    }

    @Override
    public void resume() {
        Job job = require();
        if (job.status().equals("pause-requested")) {
            await("paused");
        }
        if (job.isPaused()) {
            jobs.control("RESUME", job);
        }
        await("running");
    }

    @Override
    public void delete() {
        for (Optional<Job> job = goingOn(); job.isPresent(); job = goingOn()) {
            if (!job.get().isEnding()) {
                jobs.control("CANCEL", job.get());
            }
            long id = job.get().id();
            awaitEnd(open -> open.id() == id && open.goesOn());
        }
        dropExternalConnection();
        jobs.forget();
    }

    private Optional<Job> goingOn() {
        return jobs.find().filter(Job::goesOn);
    }

    /** A job that was cancelled goes on for a while. */
    private void awaitEnd(Predicate<Job> goesOn) {
        if (!Pause.until(() -> jobs.find().filter(goesOn).isEmpty(), ENDS_WITHIN)) {
            throw new ConnectorFailedException(
                    "the changefeed for " + phase.domain() + " was cancelled and has not ended after "
                            + ENDS_WITHIN.toSeconds() + " s",
                    "look at SHOW CHANGEFEED JOBS on the target; when it has ended, try again");
        }
    }

    private Job require() {
        Job job = jobs.find().orElseThrow(this::absent);
        if (job.isEnding()) {
            throw new RefusedException(
                    "the changefeed for " + phase.domain() + " (job " + job.id() + ") is being ended: " + job.status(),
                    "deploy it again when it has ended: godwit connectors deploy");
        }
        return job;
    }

    private RefusedException absent() {
        return new RefusedException(
                "there is no changefeed for " + phase.domain(), "deploy it first: godwit connectors deploy");
    }

    private void await(String status) {
        boolean reached = Pause.until(
                () -> {
                    Job job = jobs.find().or(jobs::noted).orElseThrow(this::absent);
                    // on_error='pause': an error shows as a paused job, with the reason as its running status
                    if (job.isOver()
                            || job.isEnding()
                            || (!status.equals("paused") && job.status().equals("paused"))) {
                        throw new ConnectorFailedException(
                                "the changefeed for " + phase.domain() + " (job " + job.id() + ") is " + job.status()
                                        + ": " + job.reason(),
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
}

package dev.godwit.fetch.cli;

import dev.godwit.database.RefusedException;
import dev.godwit.fetch.CheckpointOptions;
import dev.godwit.fetch.FetchRequest;
import picocli.CommandLine.Option;

/** Options about the checkpoint from which replication may go on. */
final class ReplicationOptions {
    @Option(
            names = "--pglogical-replication-slot-name",
            paramLabel = "NAME",
            defaultValue = FetchRequest.DEFAULT_NAME,
            description =
                    "The replication slot to create. It keeps the source's log until replication reads it or you drop it. Default:"
                            + " ${DEFAULT-VALUE}")
    private String slotName = FetchRequest.DEFAULT_NAME;

    @Option(
            names = "--pglogical-publication-name",
            paramLabel = "NAME",
            defaultValue = FetchRequest.DEFAULT_NAME,
            description = "The publication to create. Default: ${DEFAULT-VALUE}")
    private String publicationName = FetchRequest.DEFAULT_NAME;

    @Option(
            names = "--pglogical-replication-slot-plugin",
            paramLabel = "NAME",
            defaultValue = "pgoutput",
            description = "The slot's output plugin; pgoutput is the only one. Default: ${DEFAULT-VALUE}")
    private String plugin = "pgoutput";

    @Option(
            names = "--pglogical-publication-and-slot-drop-and-recreate",
            arity = "0..1",
            paramLabel = "true|false",
            fallbackValue = "true",
            description =
                    "Drop a slot and a publication of these names first, instead of refusing because they are there. Asks before.")
    private boolean dropAndRecreate;

    @Option(
            names = "--ignore-replication-check",
            arity = "0..1",
            paramLabel = "true|false",
            fallbackValue = "true",
            description =
                    "Take no checkpoint: no slot, no publication, no need of wal_level=logical; the source may be a standby. The load is"
                            + " consistent, but nothing can replicate from where it ends.")
    private boolean ignoreReplicationCheck;

    /** @throws RefusedException if options do not go together */
    CheckpointOptions read() {
        if (!plugin.equals("pgoutput")) {
            throw new RefusedException(
                    "--pglogical-replication-slot-plugin is " + plugin, "use pgoutput, which PostgreSQL brings along");
        }
        if (ignoreReplicationCheck && dropAndRecreate) {
            throw new RefusedException(
                    "--ignore-replication-check takes no slot, and --pglogical-publication-and-slot-drop-and-recreate makes one",
                    "leave one of the two away");
        }
        return new CheckpointOptions(
                ignoreReplicationCheck ? CheckpointOptions.Mode.NONE : CheckpointOptions.Mode.SLOT,
                slotName,
                publicationName,
                dropAndRecreate,
                FetchRequest.DEFAULT_SLOT_WAIT);
    }
}

package dev.godwit.bench.fetch;

import java.util.List;

/** Whoever brings the table from one database to the other. */
public enum FetchContestant {
    /** One stream between two servers: as fast as one pair of server processes can be. */
    PIPE("pipe", "psql COPY TO | psql COPY FROM"),
    /** What most people would type. */
    PG_DUMP("pg_dump", "pg_dump --data-only | psql"),
    /** The fastest tool between two PostgreSQL servers. */
    PGCOPYDB("pgcopydb", "pgcopydb copy table-data, 4 jobs"),
    /** Directly, by one connection to either side. */
    GODWIT_1("godwit-1", "godwit fetch, 1 shard", "--direct-copy", 1),
    /** Directly, by four connections to either side. */
    GODWIT_4("godwit-4", "godwit fetch, 4 shards", "--direct-copy", 4),
    /** By way of files in a local directory, not compressed; all files are whole before the first is loaded. */
    GODWIT_FILES("godwit-files", "godwit fetch, local files, 4 shards", "--use-copy", 4);

    private final String label;
    private final String description;
    private final String option;
    private final int shards;

    FetchContestant(String label, String description) {
        this(label, description, "", 1);
    }

    FetchContestant(String label, String description, String option, int shards) {
        this.label = label;
        this.description = description;
        this.option = option;
        this.shards = shards;
    }

    public String label() {
        return label;
    }

    public String description() {
        return description;
    }

    boolean isGodwit() {
        return label.startsWith("godwit");
    }

    boolean usesFiles() {
        return this == GODWIT_FILES;
    }

    /** Options of {@code godwit fetch}. */
    List<String> options() {
        return option.isEmpty() ? List.of() : List.of(option);
    }

    int shards() {
        return shards;
    }
}

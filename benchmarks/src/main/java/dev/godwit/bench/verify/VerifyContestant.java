package dev.godwit.bench.verify;

/** Who reads two tables to tell whether they are equal. */
public enum VerifyContestant {
    /** Only reads: the limit for any tool that moves the rows. */
    COPY("copy", "reading both tables with `COPY TO STDOUT`, both at once, comparing nothing"),
    FULL("full", "`godwit verify --full`"),
    CHECKSUM("checksum", "`godwit verify`");

    private final String label;
    private final String description;

    VerifyContestant(String label, String description) {
        this.label = label;
        this.description = description;
    }

    public String label() {
        return label;
    }

    public String description() {
        return description;
    }
}

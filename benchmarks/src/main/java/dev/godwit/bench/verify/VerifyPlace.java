package dev.godwit.bench.verify;

/** Where the two databases are. */
public enum VerifyPlace {
    /** Both on this machine. */
    LOCAL("local"),
    /** One of them behind the link. */
    LINK("link");

    private final String label;

    VerifyPlace(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}

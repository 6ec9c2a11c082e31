package dev.godwit.phase.run;

/** A step that had begun could not be brought to its end. The message says why, the remedy what to do and where the traffic belongs now. */
public final class PhaseFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String remedy;

    PhaseFailedException(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    PhaseFailedException(String message, String remedy, Throwable cause) {
        super(message, cause);
        this.remedy = remedy;
    }

    public String remedy() {
        return remedy;
    }
}

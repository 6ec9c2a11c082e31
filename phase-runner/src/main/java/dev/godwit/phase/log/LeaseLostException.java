package dev.godwit.phase.log;

/** Another runner has taken over the phase; this one must stop at once and must not record anything. */
public final class LeaseLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LeaseLostException(String phase) {
        super("another runner has taken over phase " + phase
                + ", because this one did not renew its lease in time (was the process or the machine suspended?)");
    }
}

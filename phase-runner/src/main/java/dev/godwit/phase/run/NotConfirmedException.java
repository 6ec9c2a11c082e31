package dev.godwit.phase.run;

/** The user has not done yet what only the user can do. Ends a run in an orderly way; nothing has failed. */
final class NotConfirmedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final UserAction action;

    NotConfirmedException(UserAction action) {
        super("waiting for the user: " + action.request(), null, false, false);
        this.action = action;
    }

    UserAction action() {
        return action;
    }
}

package dev.godwit.phase.run;

/** Hands a step over to the user, or to a program that acts for the user. Called in the runner's thread. */
public interface UserActions {

    /**
     * Has the action done, or asks whether it is done. May take as long as it takes; replication goes on meanwhile.
     *
     * @return whether it is done; false ends the run, which goes on from here the next time
     */
    boolean perform(UserAction action) throws InterruptedException;
}

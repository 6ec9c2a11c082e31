package dev.godwit.fetch.load;

/** What is being done at the moment, in words, for the message of a failure. */
final class Phrase {
    private volatile String text;

    Phrase(String text) {
        this.text = text;
    }

    void is(String next) {
        text = next;
    }

    @Override
    public String toString() {
        return text;
    }
}

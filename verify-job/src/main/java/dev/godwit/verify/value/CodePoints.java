package dev.godwit.verify.value;

/**
 * A text ordered by its code points, that is, by its bytes in UTF-8. Java's own order of strings is another: it goes by UTF-16 units and so
 * puts U+1F426 (a surrogate pair, D83D...) before U+FF5E.
 */
record CodePoints(String text) implements Comparable<CodePoints> {
    @Override
    public int compareTo(CodePoints other) {
        int shorter = Math.min(text.length(), other.text.length());
        for (int i = 0; i < shorter; i++) {
            char mine = text.charAt(i);
            char theirs = other.text.charAt(i);
            if (mine != theirs) {
                boolean iAmBeyond = Character.isSurrogate(mine);
                boolean theyAreBeyond = Character.isSurrogate(theirs);
                return iAmBeyond == theyAreBeyond ? Character.compare(mine, theirs) : iAmBeyond ? 1 : -1;
            }
        }
        return Integer.compare(text.length(), other.text.length());
    }
}

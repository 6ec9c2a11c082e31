package dev.godwit.apply.conflict;

/** 64-bit numbers for texts. */
final class Hash {
    private static final long PRIME = 0x9e3779b97f4a7c15L;

    private Hash() {}

    /** Continues from a seed; the length is part of it, so that texts do not run into each other. */
    static long of(long seed, String text) {
        long hash = seed ^ text.length() * PRIME;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
            hash ^= hash >>> 29;
        }
        return mix(hash);
    }

    static long mix(long hash) {
        long mixed = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }

    /** Never one of the numbers that mean something else. */
    static long ofValue(long hash) {
        return hash == KeyColumns.UNKNOWN || hash == KeyColumns.NONE ? PRIME : hash;
    }
}

package dev.godwit.local.changefeed;

/** Turns PostgreSQL's array text ({@code {1,NULL,"a,b"}}) into a JSON array; arrays of more dimensions into nested ones. */
final class ArrayJson {
    private final StringBuilder out;
    private final ValueFormat element;
    private final String text;
    private int at;

    ArrayJson(StringBuilder out, ValueFormat element, String text) {
        this.out = out;
        this.element = element;
        this.text = text;
        // Lower bounds other than 1 stand before the array: [0:2]={...}
        this.at = text.startsWith("[") ? text.indexOf('=') + 1 : 0;
    }

    void append() {
        array();
        if (at != text.length()) {
            throw new FeedFailedException("not an array: " + text);
        }
    }

    private void array() {
        at++; // {
        out.append('[');
        if (text.charAt(at) == '}') {
            at++;
        } else {
            boolean more = true;
            while (more) {
                element();
                more = text.charAt(at++) == ',';
                if (more) {
                    out.append(", ");
                }
            }
        }
        out.append(']');
    }

    private void element() {
        switch (text.charAt(at)) {
            case '{' -> array();
            case '"' -> ValueJson.scalar(out, element, quoted());
            default -> {
                int start = at;
                while (text.charAt(at) != ',' && text.charAt(at) != '}') {
                    at++;
                }
                String bare = text.substring(start, at);
                // The word NULL as a text is quoted.
                if (bare.equals("NULL")) {
                    out.append("null");
                } else {
                    ValueJson.scalar(out, element, bare);
                }
            }
        }
    }

    private String quoted() {
        StringBuilder content = new StringBuilder();
        at++;
        while (text.charAt(at) != '"') {
            if (text.charAt(at) == '\\') {
                at++;
            }
            content.append(text.charAt(at++));
        }
        at++;
        return content.toString();
    }
}

package dev.godwit.apply.decode;

import java.util.List;

/** PostgreSQL's text form of arrays (documentation, "Array Input and Output Syntax"). */
final class ArrayText {
    private ArrayText() {}

    /** @param elements the text of each element; null for NULL */
    static String of(List<String> elements) {
        StringBuilder out = new StringBuilder("{");
        for (String element : elements) {
            if (out.length() > 1) {
                out.append(',');
            }
            if (element == null) {
                out.append("NULL");
            } else {
                out.append('"')
                        .append(element.replace("\\", "\\\\").replace("\"", "\\\""))
                        .append('"');
            }
        }
        return out.append('}').toString();
    }
}

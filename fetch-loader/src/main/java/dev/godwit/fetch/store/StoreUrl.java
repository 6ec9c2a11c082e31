package dev.godwit.fetch.store;

import dev.godwit.database.RefusedException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bucket, and the folder in it: {@code s3://bucket/folder}, {@code gs://bucket/folder}, {@code
 * azure-blob://container/folder}.
 *
 * @param folder without slashes at its ends; empty for the bucket itself
 */
public record StoreUrl(Kind kind, String bucket, String folder) {

    /** The clouds. */
    public enum Kind {
        S3,
        GS,
        AZURE_BLOB;

        /** As it stands in URLs. */
        public String scheme() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static final Pattern FORM = Pattern.compile("([a-z0-9-]+)://([^/?#]+)(/[^?#]*)?");

    /** @throws RefusedException if it is none of the three; credentials in it are refused too, and not repeated */
    public static StoreUrl parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new RefusedException(
                    text.contains("?")
                            ? "--bucket-path has parameters"
                            : "--bucket-path is \"" + text + "\", which is no URL of a bucket",
                    "give s3://BUCKET/FOLDER, gs://BUCKET/FOLDER or azure-blob://CONTAINER/FOLDER; credentials are taken"
                            + " from the environment");
        }
        for (Kind kind : Kind.values()) {
            if (kind.scheme().equals(form.group(1))) {
                String folder = form.group(3) == null ? "" : form.group(3);
                return new StoreUrl(
                        kind, form.group(2), folder.replaceAll("/+", "/").replaceAll("^/|/$", ""));
            }
        }
        throw new RefusedException(
                "--bucket-path begins with " + form.group(1) + "://, which is no storage that is known here",
                "use s3://, gs:// or azure-blob://");
    }

    /** The whole name of a file in the bucket. */
    String key(String name) {
        return folder.isEmpty() ? name : folder + "/" + name;
    }

    /** The name in the store, of a whole name in the bucket. */
    String name(String key) {
        return folder.isEmpty() ? key : key.substring(folder.length() + 1);
    }

    @Override
    public String toString() {
        return kind.scheme() + "://" + bucket + (folder.isEmpty() ? "" : "/" + folder);
    }
}

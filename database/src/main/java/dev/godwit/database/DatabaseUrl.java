package dev.godwit.database;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * A database as the user names it: {@code postgresql://user:password@host:port/database?sslmode=require}.
 *
 * <p>{@link #toString()} never shows the password, so that a URL may be logged. {@code postgres://},
 * {@code cockroachdb://} and a leading {@code jdbc:} are taken as well. Whether a {@code postgresql://} URL leads to PostgreSQL or
 * to CockroachDB is found out on connecting ({@link Database#product()}).
 */
public final class DatabaseUrl {
    private static final String EXAMPLE = "write it as postgresql://user:password@host:5432/database";

    private final String scheme;
    private final String host;
    private final int port;
    private final String database;
    private final String user;
    private final String password;
    private final Map<String, String> parameters;

    private DatabaseUrl(
            String scheme,
            String host,
            int port,
            String database,
            String user,
            String password,
            Map<String, String> parameters) {
        this.scheme = scheme;
        this.host = host;
        this.port = port;
        this.database = database;
        this.user = user;
        this.password = password;
        this.parameters = Map.copyOf(parameters);
    }

    /**
     * @param what how the user knows this URL, for the error message: {@code --source}, {@code target.url}
     * @throws RefusedException if the text is no database URL
     */
    public static DatabaseUrl parse(String what, String text) {
        String bare = text.startsWith("jdbc:") ? text.substring("jdbc:".length()) : text;
        URI uri;
        try {
            uri = new URI(bare);
        } catch (URISyntaxException e) {
            // The reason but not the text: it may hold a password.
            throw new RefusedException(
                    what + " is not a database URL (" + e.getReason() + ")",
                    EXAMPLE + "; percent-encode special characters in user and password");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        switch (scheme) {
            case "postgresql", "postgres", "cockroachdb" -> {}
            case "mysql", "oracle" ->
                throw new RefusedException(
                        what + ": " + scheme + " is not supported by this version", "use a PostgreSQL source");
            default -> throw new RefusedException(what + " is not a database URL", EXAMPLE);
        }
        String path = uri.getPath() == null ? "" : uri.getPath();
        if (uri.getHost() == null || path.length() < 2) {
            throw new RefusedException(what + " names no " + (uri.getHost() == null ? "host" : "database"), EXAMPLE);
        }
        String userInfo = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo();
        int colon = userInfo.indexOf(':');
        String user = decode(colon < 0 ? userInfo : userInfo.substring(0, colon));
        String password = colon < 0 ? "" : decode(userInfo.substring(colon + 1));
        if (user.isEmpty()) {
            throw new RefusedException(what + " names no user", EXAMPLE);
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("cockroachdb") ? 26257 : 5432;
        return new DatabaseUrl(
                scheme, uri.getHost(), port, path.substring(1), user, password, parameters(uri.getRawQuery()));
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (query != null) {
            for (String pair : query.split("&")) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    parameters.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
                }
            }
        }
        return parameters;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    public String host() {
        return host;
    }

    public int port() {
        return port;
    }

    public String database() {
        return database;
    }

    public String user() {
        return user;
    }

    /** Empty if the URL has none. */
    public String password() {
        return password;
    }

    /** The query parameters as written, passed on to the driver. */
    public Map<String, String> parameters() {
        return parameters;
    }

    /** The same server and user, another database. */
    public DatabaseUrl withDatabase(String otherDatabase) {
        return new DatabaseUrl(scheme, host, port, otherDatabase, user, password, parameters);
    }

    /** The JDBC URL without user and password; those stand in {@link #jdbcProperties()}. */
    public String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + URLEncoder.encode(database, StandardCharsets.UTF_8);
    }

    public Properties jdbcProperties() {
        Properties properties = new Properties();
        properties.putAll(parameters);
        properties.setProperty("user", user);
        if (!password.isEmpty()) {
            properties.setProperty("password", password);
        }
        return properties;
    }

    /** With the password, as a child process needs it. Never log it. */
    public String withPassword() {
        return render(password.isEmpty() ? "" : ":" + encode(password));
    }

    private String render(String passwordPart) {
        StringBuilder query = new StringBuilder();
        parameters.forEach((key, value) -> query.append(query.length() == 0 ? '?' : '&')
                .append(encode(key))
                .append('=')
                .append(
                        key.toLowerCase(Locale.ROOT).contains("password")
                                        && !passwordPart.equals(":" + encode(password))
                                ? "***"
                                : encode(value)));
        return scheme + "://" + encode(user) + passwordPart + "@" + host + ":" + port + "/" + encode(database) + query;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Without the password. */
    @Override
    public String toString() {
        return render(password.isEmpty() ? "" : ":***");
    }
}

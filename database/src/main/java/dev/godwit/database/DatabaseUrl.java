package dev.godwit.database;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * A database as the user names it: {@code postgresql://user:password@host:port/database?sslmode=require}.
 *
 * <p>Immutable. MySQL is {@code mysql://user:password@host:3306/database}. {@link #toString()} never shows the password, so that a URL may be logged. {@code postgres://},
 * {@code cockroachdb://} and a leading {@code jdbc:} are taken as well. Whether a {@code postgresql://} URL leads to PostgreSQL or
 * to CockroachDB is found out on connecting ({@link Database#product()}).
 */
public final class DatabaseUrl {
    private static final String EXAMPLE = "write it as postgresql://user:password@host:5432/database";
    private static final String HIDDEN = "***";
    private static final String SCHEMA = "schema";
    private static final String ZERO_DATES = "zeroDateTimeBehavior";
    private static final String TIME = "time";
    private static final String BOOL = "bool";
    private static final String STRING = "string";
    /** Parameters that hold a secret: {@code sslpassword}, {@code trustStorePassword}, {@code oauthToken}. */
    private static final Pattern SECRET = Pattern.compile("pass|pwd|secret|token", Pattern.CASE_INSENSITIVE);

    private static final Pattern HAS_PORT = Pattern.compile(":[0-9]+$");

    private final String scheme;
    private final String host;
    private final int port;
    /** Further nodes as the driver takes them, {@code ,host:port,...}; empty if there are none. */
    private final String moreHosts;

    private final String database;
    private final String user;
    private final String password;
    private final Map<String, String> parameters;

    private DatabaseUrl(
            String scheme,
            String host,
            int port,
            String moreHosts,
            String database,
            String user,
            String password,
            Map<String, String> parameters) {
        this.scheme = scheme;
        this.host = host;
        this.port = port;
        this.moreHosts = moreHosts;
        this.database = database;
        this.user = user;
        this.password = password;
        this.parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
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
            case "postgresql", "postgres", "cockroachdb", "mysql" -> {}
            case "oracle" ->
                throw new RefusedException(
                        what + ": " + scheme + " is not supported by this version", "use a PostgreSQL or MySQL source");
            default -> throw new RefusedException(what + " is not a database URL", EXAMPLE);
        }
        if (uri.getRawFragment() != null) {
            throw new RefusedException(what + " has a # in it", "write it as %23");
        }
        UrlAuthority authority = UrlAuthority.parse(what, uri.getRawAuthority());
        if (!authority.moreHosts().isEmpty() && !scheme.equals("cockroachdb")) {
            // Of PostgreSQL's servers only one has the replication slot.
            throw new RefusedException(
                    what + " names several hosts, which only the nodes of a CockroachDB may be",
                    "name one host, or write the URL of a CockroachDB as cockroachdb://user@node1:26257,node2:26257/database");
        }
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        if (path.length() < 2 || path.indexOf('/', 1) >= 0) {
            throw new RefusedException(
                    what + (path.length() < 2 ? " names no database" : " has more than a database behind the host"),
                    EXAMPLE);
        }
        Map<String, String> parameters = parameters(what, uri.getRawQuery());
        String user = once(what, "user", authority.user(), parameters);
        String password = once(what, "password", authority.password(), parameters);
        if (user == null || user.isEmpty()) {
            throw new RefusedException(what + " names no user", EXAMPLE);
        }
        return new DatabaseUrl(
                scheme,
                authority.host(),
                authority.port() >= 0 ? authority.port() : defaultPort(scheme),
                moreHosts(authority, defaultPort(scheme)),
                decode(what, path.substring(1)),
                user,
                password == null ? "" : password,
                parameters);
    }

    private static int defaultPort(String scheme) {
        return switch (scheme) {
            case "cockroachdb" -> 26257;
            case "mysql" -> 3306;
            default -> 5432;
        };
    }

    private static String moreHosts(UrlAuthority authority, int defaultPort) {
        StringBuilder hosts = new StringBuilder();
        for (String host : authority.moreHosts()) {
            hosts.append(',').append(host);
            if (!HAS_PORT.matcher(host).find()) {
                hosts.append(':').append(defaultPort);
            }
        }
        return hosts.toString();
    }

    /** User and password may also be query parameters, as JDBC URLs have them. */
    private static String once(String what, String name, String inAuthority, Map<String, String> parameters) {
        String inQuery = parameters.remove(name);
        if (inAuthority != null && inQuery != null) {
            throw new RefusedException(what + " gives the " + name + " twice", EXAMPLE);
        }
        return inAuthority != null ? inAuthority : inQuery;
    }

    private static Map<String, String> parameters(String what, String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (query == null || query.isEmpty()) {
            return parameters;
        }
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                // Not the pair itself: it may be the rest of a password.
                throw new RefusedException(
                        what + " has a parameter without a name or a value",
                        "write parameters as ?name=value&name=value");
            }
            String name = decode(what, pair.substring(0, equals));
            if (parameters.put(name, decode(what, pair.substring(equals + 1))) != null) {
                throw new RefusedException(what + " gives a parameter twice", "keep one of them");
            }
        }
        return parameters;
    }

    static String decode(String what, String text) {
        String decoded = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        if (decoded.indexOf('\ufffd') >= 0 || decoded.indexOf(0) >= 0) {
            throw new RefusedException(
                    what + " is not a database URL (a percent-encoded byte is no UTF-8)",
                    "percent-encode the bytes of the UTF-8 form of special characters");
        }
        return decoded;
    }

    /** An IPv6 address stands in brackets. */
    public String host() {
        return host;
    }

    public int port() {
        return port;
    }

    /** All nodes, {@code host:port} with commas between them: they are tried in this order. */
    public String hosts() {
        return host + ":" + port + moreHosts;
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

    /** The query parameters, passed on to the driver; without user and password. */
    public Map<String, String> parameters() {
        return parameters;
    }

    /** The same server and user, another database. */
    public DatabaseUrl withDatabase(String otherDatabase) {
        return new DatabaseUrl(scheme, host, port, moreHosts, otherDatabase, user, password, parameters);
    }

    /** Whether it leads to MySQL; else it leads to PostgreSQL or CockroachDB, which speak the same protocol. */
    public boolean isMysql() {
        return scheme.equals("mysql");
    }

    /**
     * The schema of the target in which the tables of a MySQL database are, which has none of its own: the parameter {@code schema} of its
     * URL, by default {@code public}.
     */
    public String schema() {
        return isMysql() ? parameters.getOrDefault(SCHEMA, "public") : "public";
    }

    /**
     * Whether dates that no calendar has (0000-00-00) are read as NULL, as Debezium reads them: Connector/J's parameter {@code
     * zeroDateTimeBehavior=CONVERT_TO_NULL}. By default they are refused.
     */
    public boolean zeroDatesAreNull() {
        return isMysql() && "CONVERT_TO_NULL".equalsIgnoreCase(parameters.get(ZERO_DATES));
    }

    /**
     * Whether MySQL's TIME, which goes from -838:59:59 to 838:59:59, is an INTERVAL on the target: the parameter {@code time=interval}. By
     * default it is a TIME of day, and what is none is refused.
     */
    public boolean timesAreIntervals() {
        return isMysql() && "interval".equalsIgnoreCase(parameters.get(TIME));
    }

    /**
     * Which {@code tinyint(1)} columns of MySQL are booleans: the parameter {@code bool}, a list of {@code table.column}, or {@code *} for all. Empty
     * without it: they are numbers then.
     */
    public Optional<String> booleans() {
        return isMysql() ? Optional.ofNullable(parameters.get(BOOL)) : Optional.empty();
    }

    /**
     * Which {@code enum} columns of MySQL are texts on the target: the parameter {@code string}, as {@link #booleans}. Empty without it: they are enums
     * there, too.
     */
    public Optional<String> textEnums() {
        return isMysql() ? Optional.ofNullable(parameters.get(STRING)) : Optional.empty();
    }

    /** The JDBC URL without user and password; those stand in {@link #jdbcProperties()}. */
    public String jdbcUrl() {
        return (isMysql() ? "jdbc:mysql://" : "jdbc:postgresql://") + hosts() + "/"
                + URLEncoder.encode(database, StandardCharsets.UTF_8);
    }

    /** User, password and the URL's parameters, as the driver takes them. Never log it. */
    public Properties jdbcProperties() {
        Properties properties = new Properties();
        properties.putAll(parameters);
        if (isMysql()) {
            properties.remove(SCHEMA);
            properties.remove(TIME);
            properties.remove(BOOL);
            properties.remove(STRING);
        }
        properties.setProperty("user", user);
        if (!password.isEmpty()) {
            properties.setProperty("password", password);
        }
        return properties;
    }

    /** With the password, as a child process needs it. Never log it. */
    public String withPassword() {
        return render(false);
    }

    private String render(boolean hideSecrets) {
        StringBuilder text = new StringBuilder(scheme).append("://").append(encode(user));
        if (!password.isEmpty()) {
            text.append(':').append(hideSecrets ? HIDDEN : encode(password));
        }
        text.append('@').append(hosts()).append('/').append(encode(database));
        char separator = '?';
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            boolean hide = hideSecrets && SECRET.matcher(parameter.getKey()).find();
            text.append(separator)
                    .append(encode(parameter.getKey()))
                    .append('=')
                    .append(hide ? HIDDEN : encode(parameter.getValue()));
            separator = '&';
        }
        return text.toString();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Without the password, and without parameters that hold one. */
    @Override
    public String toString() {
        return render(true);
    }
}

package dev.godwit.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.origin.ReplicationOrigins;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Properties;

/**
 * A database that has answered once: its URL, its product and version, and the dialect that goes with them.
 *
 * <p>Holds no connection of its own; each caller opens and closes what it needs. Thread-safe.
 */
public final class Database {
    private static final String SERIALIZABLE = "-c default_transaction_isolation=serializable";

    private final String role;
    private final DatabaseUrl url;
    private final Product product;
    private final String version;
    private final Dialect dialect;
    /** Null where what is written is not told from what others write. */
    private final ReplicationOrigins origins;

    private Database(String role, DatabaseUrl url, Product product, String version) {
        this(role, url, product, version, null);
    }

    private Database(String role, DatabaseUrl url, Product product, String version, ReplicationOrigins origins) {
        this.origins = origins;
        this.role = role;
        this.url = url;
        this.product = product;
        this.version = version;
        this.dialect = Dialect.of(product, url);
    }

    /**
     * Connects once, to find out product and version.
     *
     * @param role {@code source} or {@code target}, for messages
     * @throws RefusedException if the database cannot be reached, does not let the user in, or does not exist
     */
    public static Database connect(String role, DatabaseUrl url) {
        try (Connection connection = DriverManager.getConnection(url.jdbcUrl(), properties(url, "godwit"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT version()")) {
            row.next();
            String version = row.getString(1);
            if (url.isMysql()) {
                MysqlSession.requireMysql(role, version);
                return new Database(role, url, Product.MYSQL, Product.MYSQL + " " + version);
            }
            return new Database(
                    role, url, version.startsWith("CockroachDB") ? Product.COCKROACHDB : Product.POSTGRESQL, version);
        } catch (SQLException e) {
            throw ConnectFailure.refusal(role, url, e);
        }
    }

    private static Properties properties(DatabaseUrl url, String applicationName) {
        if (url.isMysql()) {
            return MysqlSession.properties(url, applicationName);
        }
        Properties properties = url.jdbcProperties();
        properties.putIfAbsent("ApplicationName", applicationName);
        properties.putIfAbsent("connectTimeout", "10");
        // What listens there may be no database, and never say a word.
        properties.putIfAbsent("loginTimeout", "30");
        properties.putIfAbsent("tcpKeepAlive", "true");
        return properties;
    }

    private Properties properties(String applicationName) {
        Properties properties = properties(url, applicationName);
        if (product == Product.COCKROACHDB) {
            // A cluster may have READ COMMITTED as its default (v23.2): under it the ledger's epoch fences nobody, and
            // cluster_logical_timestamp() is refused.
            properties.merge("options", SERIALIZABLE, (users, ours) -> users + " " + ours);
        }
        return properties;
    }

    /** The same PostgreSQL, in which each session that applies changes has one of these origins. */
    public Database with(ReplicationOrigins itsOrigins) {
        return new Database(role, url, product, version, itsOrigins);
    }

    /** A connection in auto-commit mode; on CockroachDB its transactions are serializable, whatever the cluster's default is. The caller closes it. */
    public Connection open() throws SQLException {
        return DriverManager.getConnection(url.jdbcUrl(), properties("godwit"));
    }

    /** A connection with driver properties beside those of the URL, for example {@code replication=database}. */
    public Connection open(Properties more) throws SQLException {
        Properties properties = properties("godwit");
        properties.putAll(more);
        return DriverManager.getConnection(url.jdbcUrl(), properties);
    }

    /** A pool of at most {@code connectionsMax} connections, opened on demand. The caller closes it. */
    public HikariDataSource pool(String name, int connectionsMax) {
        return pool(name, connectionsMax, "");
    }

    /** A pool for applying changes: each session begins with {@link Dialect#writerSession}. The caller closes it. */
    public HikariDataSource writerPool(String name, int connectionsMax) {
        List<String> first = new ArrayList<>(dialect.writerSession(version));
        if (origins != null) {
            first.add(origins.sessionSql());
        }
        return pool(name, connectionsMax, String.join("; ", first));
    }

    private HikariDataSource pool(String name, int connectionsMax, String firstSql) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(url.jdbcUrl());
        config.setDataSourceProperties(properties(name));
        config.setMaximumPoolSize(connectionsMax);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(10_000);
        config.setInitializationFailTimeout(-1);
        if (!firstSql.isEmpty()) {
            config.setConnectionInitSql(firstSql);
        }
        if (product == Product.MYSQL) {
            // As on the other products; its own default locks the gaps between rows, and so deadlocks more often.
            config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        }
        return new HikariDataSource(config);
    }

    /** Reads the catalog of the whole database, system schemas and {@code _godwit} left out. */
    public Catalog catalog() throws SQLException {
        try (Connection connection = open()) {
            return dialect.readCatalog(connection);
        }
    }

    /** As {@link #catalog()}, but only for these tables, at least one, and those that their foreign keys refer to. */
    public Catalog catalog(Collection<TableName> tables) throws SQLException {
        try (Connection connection = open()) {
            return dialect.readCatalog(connection, tables);
        }
    }

    /** {@code source} or {@code target}. */
    public String role() {
        return role;
    }

    /** As the user named it. */
    public DatabaseUrl url() {
        return url;
    }

    /** As the server says itself. */
    public Product product() {
        return product;
    }

    /** The server's own words for its version. */
    public String version() {
        return version;
    }

    /** How this product is spoken to. */
    public Dialect dialect() {
        return dialect;
    }

    @Override
    public String toString() {
        return role + " " + url;
    }
}

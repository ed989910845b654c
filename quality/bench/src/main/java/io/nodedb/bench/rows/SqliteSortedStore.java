package io.nodedb.bench.rows;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;

/** SQLite, a B-tree, through JDBC. */
final class SqliteSortedStore implements SortedStore {
    static final String SETTINGS =
            "SQLite through JDBC: a table without row ids, no journal, no sync but at the end;"
                    + " prepared statements, 10 000 rows a transaction.";

    private static final int BATCH = 10_000;

    private final Connection connection;
    private final PreparedStatement insert;
    private final PreparedStatement select;
    private int begun;

    SqliteSortedStore(Path directory, long cacheBytes) throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("rows.sqlite"));
        execute("PRAGMA journal_mode=OFF");
        execute("PRAGMA synchronous=OFF");
        execute("PRAGMA cache_size=-" + Math.max(1, cacheBytes >> 10));
        execute("CREATE TABLE IF NOT EXISTS r (k BLOB PRIMARY KEY, v BLOB) WITHOUT ROWID");
        connection.setAutoCommit(false);
        insert = connection.prepareStatement("INSERT OR REPLACE INTO r VALUES (?, ?)");
        select = connection.prepareStatement("SELECT v FROM r WHERE k = ?");
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean ignored = statement.execute(sql);
        }
    }

    @Override
    public void loadSorted(DocumentRows rows, long count) throws SQLException {
        byte[] key = new byte[DocumentRows.KEY_BYTES];
        byte[] value = new byte[ROOM];
        for (long number = 0; number < count; number++) {
            rows.key(number, key);
            put(key, value, rows.value(number, 0, value));
        }
        settle();
    }

    @Override
    public void put(byte[] key, byte[] value, int valueLength) throws SQLException {
        insert.setBytes(1, key);
        insert.setBytes(2, Arrays.copyOf(value, valueLength));
        int ignored = insert.executeUpdate();
        if (++begun == BATCH) {
            connection.commit();
            begun = 0;
        }
    }

    @Override
    public void settle() throws SQLException {
        connection.commit();
        begun = 0;
    }

    @Override
    public int get(byte[] key, byte[] target) throws SQLException {
        select.setBytes(1, key);
        try (ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                return -1;
            }
            byte[] value = row.getBytes(1);
            System.arraycopy(value, 0, target, 0, value.length);
            return value.length;
        }
    }

    @Override
    public void walk(Way way, RowVisitor visitor) throws SQLException {
        String order = way == Way.FORWARD ? "ASC" : "DESC";
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT k, v FROM r ORDER BY k " + order)) {
            while (row.next()) {
                byte[] value = row.getBytes(2);
                visitor.row(row.getBytes(1), value, value.length);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            connection.commit();
            connection.close();
        } catch (SQLException e) {
            throw new IOException("SQLite can't be closed", e);
        }
    }
}

package io.nodedb.bench.startup;

import io.nodedb.bench.trial.ProcessorTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** As {@link FirstRow}, for a peer, whose driver alone is on the class path. */
final class FirstRowOverJdbc {
    private FirstRowOverJdbc() {}

    /** Arguments: the URL; {@code new} or {@code existing}. */
    public static void main(String[] arguments) throws SQLException {
        try (Connection connection = DriverManager.getConnection(arguments[0])) {
            if (arguments[1].equals("new")) {
                write(connection);
            }
            Said.say(Said.ROW, read(connection));
            Said.say(Said.PROCESSOR_NANOS, ProcessorTime.nanos());
        }
    }

    private static void write(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean ignored =
                    statement.execute("CREATE TABLE kv (k VARCHAR(99) PRIMARY KEY, v VARCHAR(99))");
        }
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO kv VALUES (?, ?)")) {
            insert.setString(1, FirstRow.KEY);
            insert.setString(2, FirstRow.VALUE);
            int ignored = insert.executeUpdate();
        }
    }

    private static @Nullable String read(Connection connection) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT v FROM kv WHERE k = ?")) {
            select.setString(1, FirstRow.KEY);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? rows.getString(1) : null;
            }
        }
    }
}

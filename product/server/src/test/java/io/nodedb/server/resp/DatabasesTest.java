package io.nodedb.server.resp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabasesTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 7, 10, Databases.MAX - 1})
    void collectionsOfDatabasesTellTheirNumber(int number) {
        String name = Databases.name(number);
        assertThat(Databases.isDatabase(name)).isTrue();
        assertThat(Databases.number(name)).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"kv", "kv-1", "kv+1", "kv01", "kv1x", "kv16384", "kv99999999999", "orders"})
    void otherCollectionsAreNoDatabases(String name) {
        assertThat(Databases.isDatabase(name)).isFalse();
    }
}

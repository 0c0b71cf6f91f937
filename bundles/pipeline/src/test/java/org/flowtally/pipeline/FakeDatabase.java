// SPDX-License-Identifier: Apache-2.0
package org.flowtally.pipeline;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A database of one statement: it answers with rows of two columns, or not at all. */
final class FakeDatabase {
    private static final List<String> COLUMNS = List.of("prefix", "account_id");

    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final Map<String, Object> asked = Collections.synchronizedMap(new HashMap<>());
    volatile List<List<String>> rows = List.of();
    volatile boolean away;

    DataSource dataSource() {
        return fake(DataSource.class, (proxy, method, arguments) -> {
            if (away) {
                throw new SQLException("the database of the test is away");
            }
            opened.incrementAndGet();
            return connection();
        });
    }

    private Connection connection() {
        return fake(Connection.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "createStatement" -> statement();
            case "close" -> closed.incrementAndGet();
            case "getAutoCommit" -> true;
            case "isClosed" -> false;
            case "getMetaData" -> fake(java.sql.DatabaseMetaData.class, (p, m, a) -> 4);
            default -> throw new AssertionError(method);
        });
    }

    private Statement statement() {
        Statement[] self = new Statement[1];
        self[0] = fake(Statement.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "setFetchSize", "execute" -> {
                asked.put(method.getName(), arguments[0]);
                yield "execute".equals(method.getName()) ? true : null;
            }
            case "getResultSet" -> resultSet(self[0]);
            case "close" -> null;
            case "isClosed" -> false;
            default -> throw new AssertionError(method);
        });
        return self[0];
    }

    private ResultSet resultSet(Statement statement) {
        List<List<String>> answer = rows;
        AtomicInteger cursor = new AtomicInteger(-1);
        return fake(ResultSet.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "next" -> cursor.incrementAndGet() < answer.size();
            case "getObject" -> answer.get(cursor.get()).get((Integer) arguments[0] - 1);
            case "getStatement" -> statement;
            case "getMetaData" -> metaData();
            case "close" -> null;
            case "isClosed" -> false;
            default -> throw new AssertionError(method);
        });
    }

    private static ResultSetMetaData metaData() {
        return fake(ResultSetMetaData.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getColumnCount" -> COLUMNS.size();
            case "getColumnLabel", "getColumnName" -> COLUMNS.get((Integer) arguments[0] - 1);
            case "getColumnType" -> Types.VARCHAR;
            default -> throw new AssertionError(method);
        });
    }

    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(FakeDatabase.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}

package io.entente.rm.matrix;

import static io.entente.testkit.database.TestDatabase.Kind.H2;
import static io.entente.testkit.database.TestDatabase.Kind.MARIADB;
import static io.entente.testkit.database.TestDatabase.Kind.POSTGRESQL;

import java.util.List;

/** All kinds of statements. The support matrix in the documentation is generated from this list. */
final class StatementMatrix {

    private static final String INSERT = "INSERT";
    private static final String UPSERT = "Upserts and MERGE";
    private static final String UPDATE = "UPDATE";
    private static final String DELETE = "DELETE";
    private static final String SEVERAL = "Several in one text";
    private static final String NOT_UNDOABLE = "What cannot be undone";

    private StatementMatrix() {}

    static List<StatementCase> cases() {
        return List.of(
                // ------------------------------------------------------------ INSERT
                StatementCase.of(INSERT, "INSERT … VALUES")
                        .everywhere("INSERT INTO stock (id, name, amount, code) VALUES (9, 'cog', 1, 'c9')"),
                StatementCase.of(INSERT, "INSERT … VALUES, many rows")
                        .everywhere("INSERT INTO stock VALUES (9, 'cog', 1, 'c9'), (10, 'cam', 2, NULL)"),
                StatementCase.of(INSERT, "INSERT with a generated key")
                        .everywhere("INSERT INTO orders (item, n) VALUES ('a', 1), ('b', 2)"),
                StatementCase.of(INSERT, "INSERT with an expression as key")
                        .everywhere("INSERT INTO stock (id, name) VALUES (4 + 5, upper('cog'))"),
                StatementCase.of(INSERT, "INSERT … DEFAULT VALUES")
                        .h2("INSERT INTO orders DEFAULT VALUES")
                        .postgres("INSERT INTO orders DEFAULT VALUES")
                        .maria("INSERT INTO orders () VALUES ()"),
                StatementCase.of(INSERT, "INSERT … SELECT")
                        .everywhere(
                                "INSERT INTO stock (id, name, amount) SELECT id + 100, name, amount FROM stock WHERE amount > 10"),
                StatementCase.of(INSERT, "INSERT … SELECT into generated keys")
                        .everywhere("INSERT INTO orders (item, n) SELECT name, amount FROM stock"),
                StatementCase.of(INSERT, "INSERT … SET")
                        .maria("INSERT INTO stock SET id = 9, name = 'cog', amount = 1"),
                StatementCase.of(INSERT, "INSERT … RETURNING")
                        .postgres("INSERT INTO orders (item) VALUES ('a'), ('b') RETURNING id, upper(item) AS shout")
                        .maria("INSERT INTO orders (item) VALUES ('a'), ('b') RETURNING id, upper(item) AS shout"),
                StatementCase.of(INSERT, "SELECT … FROM FINAL TABLE (INSERT …)")
                        .h2("SELECT id, item FROM FINAL TABLE (INSERT INTO orders (item) VALUES ('a'), ('b')) x"),
                StatementCase.of(INSERT, "WITH … INSERT")
                        .postgres(
                                "WITH rich AS (SELECT id, name FROM stock WHERE amount > 10) INSERT INTO stock (id, name) SELECT id + 50, name FROM rich")
                        .maria(
                                "INSERT INTO stock (id, name) WITH rich AS (SELECT id, name FROM stock WHERE amount > 10) SELECT id + 50, name FROM rich"),
                // ------------------------------------------------------------ upserts
                StatementCase.of(UPSERT, "INSERT IGNORE / ON CONFLICT DO NOTHING")
                        .postgres("INSERT INTO stock VALUES (1, 'x', 0, 'x'), (9, 'y', 0, 'y') ON CONFLICT DO NOTHING")
                        .maria("INSERT IGNORE INTO stock VALUES (1, 'x', 0, 'x'), (9, 'y', 0, 'y')"),
                StatementCase.of(UPSERT, "INSERT IGNORE / ON CONFLICT DO NOTHING … SELECT")
                        .postgres(
                                "INSERT INTO stock (id, name) SELECT stock_id + 1, 'new' FROM supply ON CONFLICT (id) DO NOTHING")
                        .maria("INSERT IGNORE INTO stock (id, name) SELECT stock_id + 1, 'new' FROM supply"),
                StatementCase.of(UPSERT, "ON DUPLICATE KEY UPDATE / ON CONFLICT DO UPDATE")
                        .postgres(
                                "INSERT INTO stock (id, name, amount) VALUES (1, 'x', 5), (9, 'y', 7) ON CONFLICT (id) DO UPDATE SET amount = stock.amount + excluded.amount")
                        .maria(
                                "INSERT INTO stock (id, name, amount) VALUES (1, 'x', 5), (9, 'y', 7) ON DUPLICATE KEY UPDATE amount = amount + VALUES(amount)"),
                StatementCase.of(UPSERT, "the same, by another unique key")
                        .postgres(
                                "INSERT INTO stock (id, name, code) VALUES (70, 'x', 'two'), (71, 'y', 'new') ON CONFLICT (code) DO UPDATE SET name = excluded.name WHERE stock.amount > 1")
                        .maria(
                                "INSERT INTO stock (id, name, code) VALUES (70, 'x', 'two'), (71, 'y', 'new') ON DUPLICATE KEY UPDATE name = VALUES(name)"),
                StatementCase.of(UPSERT, "the same, into generated keys")
                        .maria(
                                "INSERT INTO orders (item, n) VALUES ('a', 1), ('b', 2) ON DUPLICATE KEY UPDATE n = n + 1"),
                StatementCase.of(UPSERT, "the same, … SELECT")
                        .postgres(
                                "INSERT INTO stock (id, amount) SELECT stock_id, n FROM supply ON CONFLICT (id) DO UPDATE SET amount = excluded.amount")
                        .refusedOn(
                                MARIADB,
                                "INSERT INTO stock (id, amount) SELECT stock_id, n FROM supply ON DUPLICATE KEY UPDATE amount = VALUES(amount)",
                                "an INSERT … SELECT that may meet rows which are there cannot be captured"),
                StatementCase.of(UPSERT, "the same, … RETURNING")
                        .postgres(
                                "INSERT INTO stock (id, amount) VALUES (1, 5), (9, 7) ON CONFLICT (id) DO UPDATE SET amount = excluded.amount RETURNING id, amount")
                        .refusedOn(
                                MARIADB,
                                "INSERT INTO stock (id, amount) VALUES (1, 5) ON DUPLICATE KEY UPDATE amount = 5 RETURNING id",
                                "RETURNING of this statement is not supported"),
                StatementCase.of(UPSERT, "REPLACE")
                        .maria("REPLACE INTO stock (id, name, code) VALUES (1, 'x', 'three'), (9, 'y', NULL)"),
                StatementCase.of(UPSERT, "REPLACE … SELECT")
                        .refusedOn(
                                MARIADB,
                                "REPLACE INTO stock (id, name) SELECT stock_id, 'r' FROM supply",
                                "an INSERT … SELECT that may meet rows which are there cannot be captured"),
                StatementCase.of(UPSERT, "MERGE … USING")
                        .h2(
                                "MERGE INTO stock t USING supply s ON t.id = s.stock_id WHEN MATCHED AND s.n < 0 THEN DELETE WHEN MATCHED THEN UPDATE SET amount = t.amount + s.n WHEN NOT MATCHED THEN INSERT (id, name, amount) VALUES (s.stock_id, 'merged', s.n)")
                        .postgres(
                                "MERGE INTO stock AS t USING supply s ON t.id = s.stock_id WHEN MATCHED AND s.n < 0 THEN DELETE WHEN MATCHED THEN UPDATE SET amount = t.amount + s.n WHEN NOT MATCHED THEN INSERT (id, name, amount) VALUES (s.stock_id, 'merged', s.n)"),
                StatementCase.of(UPSERT, "MERGE … RETURNING")
                        .postgres(
                                "MERGE INTO stock AS t USING (VALUES (1, 5)) s(i, n) ON t.id = s.i WHEN MATCHED THEN UPDATE SET amount = s.n RETURNING merge_action(), t.id"),
                StatementCase.of(UPSERT, "MERGE … WHEN NOT MATCHED BY SOURCE")
                        .postgres(
                                "MERGE INTO stock AS t USING supply s ON t.id = s.stock_id WHEN NOT MATCHED BY SOURCE THEN DELETE WHEN MATCHED THEN DO NOTHING"),
                StatementCase.of(UPSERT, "MERGE … KEY")
                        .h2("MERGE INTO stock (id, name, amount) KEY (id) VALUES (1, 'x', 0), (9, 'y', 1)"),
                StatementCase.of(UPSERT, "MERGE … KEY … SELECT")
                        .refusedOn(
                                H2,
                                "MERGE INTO stock (id, amount) KEY (id) SELECT stock_id, n FROM supply",
                                "MERGE … KEY with a query is not supported"),
                // ------------------------------------------------------------ UPDATE
                StatementCase.of(UPDATE, "UPDATE by key")
                        .everywhere("UPDATE stock SET amount = amount - 3, name = 'x' WHERE id = 1"),
                StatementCase.of(UPDATE, "UPDATE by condition")
                        .everywhere("UPDATE stock SET amount = 0 WHERE amount > 5 AND name <> 'nut'"),
                StatementCase.of(UPDATE, "UPDATE of all rows").everywhere("UPDATE stock SET amount = amount * 2"),
                StatementCase.of(UPDATE, "UPDATE of the columns its condition names")
                        .everywhere("UPDATE stock SET amount = 1000 - amount WHERE amount < 60"),
                StatementCase.of(UPDATE, "UPDATE with an alias")
                        .h2("UPDATE stock AS s SET s.amount = 1 WHERE s.id = 2")
                        .postgres("UPDATE stock AS s SET amount = 1 WHERE s.id = 2")
                        .maria("UPDATE stock AS s SET s.amount = 1 WHERE s.id = 2"),
                StatementCase.of(UPDATE, "UPDATE of a key column")
                        .everywhere("UPDATE stock SET id = id + 100, amount = 0 WHERE id < 3"),
                StatementCase.of(UPDATE, "UPDATE that exchanges keys")
                        .postgres("UPDATE swap SET id = 3 - id WHERE id < 3")
                        .h2("UPDATE stock SET id = CASE id WHEN 1 THEN 20 ELSE 10 END WHERE id < 3"),
                StatementCase.of(UPDATE, "UPDATE of a unique column")
                        .everywhere("UPDATE stock SET code = concat(code, '-old') WHERE code IS NOT NULL"),
                StatementCase.of(UPDATE, "UPDATE … WHERE … IN (SELECT …)")
                        .everywhere(
                                "UPDATE stock SET amount = 0 WHERE id IN (SELECT stock_id FROM supply WHERE n > 0)"),
                StatementCase.of(UPDATE, "UPDATE … WHERE EXISTS (SELECT …)")
                        .everywhere(
                                "UPDATE stock SET amount = 0 WHERE EXISTS (SELECT 1 FROM supply WHERE supply.stock_id = stock.id)"),
                StatementCase.of(UPDATE, "UPDATE … SET column = (SELECT …)")
                        .everywhere(
                                "UPDATE stock SET amount = (SELECT count(*) FROM supply WHERE supply.stock_id = stock.id) WHERE id <= 2"),
                StatementCase.of(UPDATE, "UPDATE … SET (a, b) = (…)")
                        .h2("UPDATE stock SET (name, amount) = (SELECT 'both', 5) WHERE id = 1")
                        .postgres("UPDATE stock SET (name, amount) = (SELECT 'both', 5) WHERE id = 1"),
                StatementCase.of(UPDATE, "UPDATE … FROM / UPDATE … JOIN")
                        .postgres(
                                "UPDATE stock SET amount = amount + s.n FROM supply s WHERE s.stock_id = stock.id AND s.n > 0")
                        .maria(
                                "UPDATE stock JOIN supply s ON s.stock_id = stock.id SET stock.amount = stock.amount + s.n WHERE s.n > 0"),
                StatementCase.of(UPDATE, "UPDATE of two tables at once")
                        .maria(
                                "UPDATE stock a, supply b SET a.amount = a.amount + b.n, b.n = 0 WHERE a.id = b.stock_id AND b.n > 0"),
                StatementCase.of(UPDATE, "UPDATE … ORDER BY … LIMIT")
                        .h2("UPDATE stock SET amount = 0 WHERE amount > 1 FETCH FIRST 2 ROWS ONLY")
                        .maria("UPDATE stock SET amount = 0 WHERE amount > 1 ORDER BY amount DESC LIMIT 2"),
                StatementCase.of(UPDATE, "UPDATE with a condition that changes by itself")
                        .h2("UPDATE stock SET amount = 0 WHERE rand() < 2")
                        .postgres("UPDATE stock SET amount = 0 WHERE random() < 2")
                        .maria("UPDATE stock SET amount = 0 WHERE rand() < 2"),
                StatementCase.of(UPDATE, "UPDATE IGNORE")
                        .maria("UPDATE IGNORE stock SET code = 'two', amount = amount + 1 WHERE id IN (1, 2)"),
                StatementCase.of(UPDATE, "UPDATE ONLY").postgres("UPDATE ONLY stock SET amount = 1 WHERE id = 1"),
                StatementCase.of(UPDATE, "UPDATE … RETURNING")
                        .postgres(
                                "UPDATE stock SET amount = amount - 1 WHERE id < 3 RETURNING id, old.amount AS was, new.amount AS is_now"),
                StatementCase.of(UPDATE, "SELECT … FROM FINAL TABLE (UPDATE …)")
                        .h2("SELECT id, amount FROM FINAL TABLE (UPDATE stock SET amount = amount - 1 WHERE id < 3)"),
                StatementCase.of(UPDATE, "WITH … UPDATE")
                        .postgres(
                                "WITH poor AS (SELECT id FROM stock WHERE amount < 60) UPDATE stock SET amount = 60 WHERE id IN (SELECT id FROM poor)"),
                StatementCase.of(UPDATE, "UPDATE … WHERE CURRENT OF")
                        .refusedOn(
                                POSTGRESQL,
                                "UPDATE stock SET amount = 1 WHERE CURRENT OF c",
                                "WHERE CURRENT OF means a row that only a cursor knows"),
                // ------------------------------------------------------------ DELETE
                StatementCase.of(DELETE, "DELETE by key").everywhere("DELETE FROM stock WHERE id = 1"),
                StatementCase.of(DELETE, "DELETE by condition").everywhere("DELETE FROM stock WHERE amount < 60"),
                StatementCase.of(DELETE, "DELETE of all rows").everywhere("DELETE FROM stock"),
                StatementCase.of(DELETE, "DELETE … WHERE … IN (SELECT …)")
                        .everywhere("DELETE FROM stock WHERE id IN (SELECT stock_id FROM supply)"),
                StatementCase.of(DELETE, "DELETE … USING / DELETE … JOIN")
                        .postgres("DELETE FROM stock USING supply s WHERE s.stock_id = stock.id")
                        .maria("DELETE stock FROM stock JOIN supply s ON s.stock_id = stock.id"),
                StatementCase.of(DELETE, "DELETE FROM a USING a JOIN b")
                        .maria("DELETE FROM a USING stock a INNER JOIN supply b ON a.id = b.stock_id WHERE b.n > 0"),
                StatementCase.of(DELETE, "DELETE from two tables at once")
                        .maria("DELETE a, b FROM stock a JOIN supply b ON a.id = b.stock_id WHERE b.n > 0"),
                StatementCase.of(DELETE, "DELETE … ORDER BY … LIMIT")
                        .h2("DELETE FROM stock WHERE amount > 1 FETCH FIRST 2 ROWS ONLY")
                        .maria("DELETE FROM stock WHERE amount > 1 ORDER BY amount DESC LIMIT 2"),
                StatementCase.of(DELETE, "DELETE … RETURNING")
                        .postgres("DELETE FROM stock WHERE id < 3 RETURNING *, id + 1 AS next")
                        .maria("DELETE FROM stock WHERE id < 3 RETURNING id, name"),
                StatementCase.of(DELETE, "SELECT … FROM OLD TABLE (DELETE …)")
                        .h2("SELECT * FROM OLD TABLE (DELETE FROM stock WHERE id < 3)"),
                StatementCase.of(DELETE, "WITH … DELETE")
                        .postgres(
                                "WITH s AS (SELECT stock_id FROM supply) DELETE FROM stock WHERE id IN (SELECT stock_id FROM s)"),
                // ------------------------------------------------------------ several
                StatementCase.of(SEVERAL, "WITH a AS (DELETE … RETURNING …) INSERT …")
                        .postgres(
                                "WITH gone AS (DELETE FROM stock WHERE id < 3 RETURNING id, name) INSERT INTO orders (item) SELECT name FROM gone ORDER BY id"),
                StatementCase.of(SEVERAL, "WITH a AS (UPDATE … RETURNING *) SELECT …")
                        .postgres(
                                "WITH u AS (UPDATE stock SET amount = 0 WHERE id < 3 RETURNING *) SELECT name, amount FROM u ORDER BY id DESC"),
                StatementCase.of(SEVERAL, "WITH several changes, main with RETURNING")
                        .postgres(
                                "WITH i AS (INSERT INTO orders (item) VALUES ('w')), d AS (DELETE FROM supply RETURNING stock_id, n AS amount) UPDATE stock SET amount = d.amount FROM d WHERE d.stock_id = stock.id RETURNING stock.id, stock.amount"),
                StatementCase.of(SEVERAL, "a; b; c")
                        .h2(
                                "UPDATE stock SET amount = 1 WHERE id = 1; DELETE FROM stock WHERE id = 2; INSERT INTO stock (id) VALUES (9)")
                        .postgres(
                                "UPDATE stock SET amount = 1 WHERE id = 1; DELETE FROM stock WHERE id = 2; INSERT INTO stock (id) VALUES (9)")
                        .refusedOn(
                                MARIADB,
                                "UPDATE stock SET amount = 1 WHERE id = 1; DELETE FROM stock WHERE id = 2",
                                "several statements, which this connection does not accept (allowMultiQueries)"),
                // ------------------------------------------------------------ refused
                StatementCase.of(NOT_UNDOABLE, "TRUNCATE")
                        .refusedEverywhere("TRUNCATE TABLE stock", "TRUNCATE cannot be undone"),
                StatementCase.of(NOT_UNDOABLE, "CREATE, ALTER, DROP, …")
                        .refusedEverywhere("ALTER TABLE stock ADD COLUMN extra INT", "ALTER cannot be undone"),
                StatementCase.of(NOT_UNDOABLE, "CALL, DO, EXECUTE")
                        .refusedOn(H2, "CALL ABS(-1)", "CALL cannot be undone")
                        .refusedEverywhere("CALL something(1)", "CALL cannot be undone"),
                StatementCase.of(NOT_UNDOABLE, "COMMIT, ROLLBACK, SAVEPOINT as a statement")
                        .refusedEverywhere("COMMIT", "as a statement would end the local transaction unseen"),
                StatementCase.of(NOT_UNDOABLE, "SELECT … INTO")
                        .refusedOn(POSTGRESQL, "SELECT * INTO copy FROM stock", "INTO writes"),
                StatementCase.of(NOT_UNDOABLE, "a table with a trigger on the operation")
                        .refusedEverywhere("UPDATE triggered SET n = 2 WHERE id = 1", "trigger"),
                StatementCase.of(NOT_UNDOABLE, "a foreign key that would change other rows")
                        .refusedEverywhere("DELETE FROM parent WHERE id = 1", "foreign key with ON DELETE"),
                StatementCase.of(NOT_UNDOABLE, "a table without primary or unique key")
                        .refusedEverywhere("INSERT INTO heap VALUES (1)", "neither a primary key nor a unique key"),
                StatementCase.of(NOT_UNDOABLE, "a view")
                        .refusedEverywhere("UPDATE stock_view SET amount = 1", "it is a view, not a table"));
    }
}

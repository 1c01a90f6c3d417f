package io.entente.benchmarks;

import java.sql.SQLException;

/** One local transaction that takes one from a row's number. */
interface UpdateOfOneRow {

    void run(long id) throws SQLException;
}

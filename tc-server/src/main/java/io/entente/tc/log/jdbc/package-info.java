/**
 * A log in tables of PostgreSQL, MySQL or MariaDB, for coordinators that share a database instead of having a disk each.
 *
 * <p>One process leads at a time. It holds a lease, a row with a term and a time, and each batch of entries is stored by one
 * statement that also locks this row and finds its own term there. Whoever takes the lead raises the term first; so from
 * then on nothing of an earlier leader can be stored, however long that one was away and whatever its clock says. The time
 * only says when others may try: it is the database's.
 */
@NullMarked
package io.entente.tc.log.jdbc;

import org.jspecify.annotations.NullMarked;

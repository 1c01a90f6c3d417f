/** Undo rows that Seata's clients wrote, read as changes of ours. Nothing here writes such a row. */
@NullMarked
package io.entente.rm.undo.seata;

import org.jspecify.annotations.NullMarked;

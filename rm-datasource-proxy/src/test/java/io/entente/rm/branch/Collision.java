package io.entente.rm.branch;

import java.util.List;

/** A branch, and an outsider who comes in its way before it is undone; the names of columns in lower case. */
enum Collision {
    DIRTY_COLUMN(
            "UPDATE item SET n = 5 WHERE id = 1",
            "UPDATE item SET n = 77 WHERE id = 1",
            "UPDATE item SET n = 5 WHERE id = 1",
            "UPDATE id=1",
            List.of("n 10 5 77"),
            List.of("1|77|a", "2|20|b")),
    ROW_DELETED(
            "UPDATE item SET n = 5 WHERE id = 1",
            "DELETE FROM item WHERE id = 1",
            "INSERT INTO item VALUES (1, 5, 'a')",
            "UPDATE id=1",
            List.of("id 1 1 null", "n 10 5 null"),
            List.of("2|20|b")),
    UNIQUE_KEY_TAKEN(
            "DELETE FROM item WHERE id = 1",
            "INSERT INTO item VALUES (9, 90, 'a')",
            "DELETE FROM item WHERE id = 9",
            "DELETE id=1",
            List.of("id 1 null null", "n 10 null null", "code a null null"),
            List.of("2|20|b", "9|90|a")),
    FOREIGN_KEY_REFUSES(
            "INSERT INTO item VALUES (4, 40, NULL)",
            "INSERT INTO box VALUES (1, 4)",
            "DELETE FROM box",
            "INSERT id=4",
            List.of("id null 4 4", "n null 40 40"),
            List.of("1|10|a", "2|20|b", "4|40|null"));

    final String branch;
    final String outsider;
    /** Takes the outsider's part away. */
    final String mending;
    /** What the rollback was undoing, and the row's key. */
    final String undoing;
    /** Name, before, after and current of each column. */
    final List<String> columns;
    /** The rows that are there where current is accepted. */
    final List<String> accepted;

    Collision(
            String branch,
            String outsider,
            String mending,
            String undoing,
            List<String> columns,
            List<String> accepted) {
        this.branch = branch;
        this.outsider = outsider;
        this.mending = mending;
        this.undoing = undoing;
        this.columns = columns;
        this.accepted = accepted;
    }

    /** Whether the old row can be put back over what the outsider did. */
    boolean yieldsToForce() {
        return this == DIRTY_COLUMN;
    }
}

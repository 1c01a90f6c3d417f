package io.entente.tc.lock;

/**
 * A row as a branch wants it.
 *
 * @param mode what the branch did to it, in the resource manager's words; branches of several transactions may have a row
 *     at the same time when they did the same. {@link #EXCLUSIVE} for what bears nobody beside it
 */
public record RowClaim(RowKey row, String mode) {

    public static final String EXCLUSIVE = "";

    public static RowClaim exclusive(RowKey row) {
        return new RowClaim(row, EXCLUSIVE);
    }

    boolean isExclusive() {
        return mode.isEmpty();
    }

    @Override
    public String toString() {
        return isExclusive() ? row.toString() : row + " (" + mode + ")";
    }
}

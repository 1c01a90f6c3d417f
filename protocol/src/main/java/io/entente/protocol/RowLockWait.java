package io.entente.protocol;

import java.time.Duration;

/**
 * How the one who asks for row locks waits for them, in the application data of its request. Seata's clients say
 * {@code {"autoCommit":false}} and nothing else that counts here; ours add the rest.
 *
 * <pre>
 * {"autoCommit":false,"lockWait":1500}
 * {"holdsNothing":true,"lockWait":800}
 * </pre>
 *
 * @param millis how long it will wait; −1 when it does not say
 * @param holdsLocalTransaction the local transaction is the application's own and waits with its row locks held
 * @param holdsNothing there is no local transaction that waits
 */
public record RowLockWait(long millis, boolean holdsLocalTransaction, boolean holdsNothing) {

    private static final String AUTO_COMMIT = "autoCommit";
    private static final String LOCK_WAIT = "lockWait";
    private static final String HOLDS_NOTHING = "holdsNothing";
    private static final int MOST_DIGITS = 9;

    /** Of a statement that is rolled back when it is refused. */
    public static RowLockWait ofAttempt(Duration wait) {
        return new RowLockWait(wait.toMillis(), false, false);
    }

    /** Of the application's own local transaction, which keeps the database's locks. */
    public static RowLockWait ofLocalTransaction(Duration wait) {
        return new RowLockWait(wait.toMillis(), true, false);
    }

    /** Of somebody who keeps nothing from others. */
    public static RowLockWait holdingNothing(Duration wait) {
        return new RowLockWait(wait.toMillis(), false, true);
    }

    /** How long; zero when it does not say. */
    public Duration duration() {
        return Duration.ofMillis(Math.max(0, millis));
    }

    /** Reads the application data; what is not understood is as if it were not there. */
    public static RowLockWait in(String applicationData) {
        // A full parse of a few known bytes would cost more than all else that is done for a request.
        return new RowLockWait(
                number(applicationData),
                valueOf(AUTO_COMMIT, applicationData, "false"),
                valueOf(HOLDS_NOTHING, applicationData, "true"));
    }

    /** The application data that {@link #in} reads as this; empty when there is nothing to say. */
    public String text() {
        StringBuilder text = new StringBuilder();
        if (holdsLocalTransaction) {
            append(text, AUTO_COMMIT, "false");
        }
        if (holdsNothing) {
            append(text, HOLDS_NOTHING, "true");
        }
        if (millis >= 0) {
            append(text, LOCK_WAIT, String.valueOf(millis));
        }
        return text.isEmpty() ? "" : text.append('}').toString();
    }

    /** As {@link #text()}, of which Seata's clients say the same. */
    String seataText() {
        return new RowLockWait(-1, holdsLocalTransaction, false).text();
    }

    private static void append(StringBuilder text, String key, String value) {
        text.append(text.isEmpty() ? '{' : ',')
                .append('"')
                .append(key)
                .append("\":")
                .append(value);
    }

    private static boolean valueOf(String key, String applicationData, String value) {
        int start = valueStart(key, applicationData);
        return start >= 0 && applicationData.startsWith(value, start);
    }

    private static long number(String applicationData) {
        int start = valueStart(LOCK_WAIT, applicationData);
        int end = start;
        while (start >= 0
                && end < applicationData.length()
                && end - start < MOST_DIGITS
                && applicationData.charAt(end) >= '0'
                && applicationData.charAt(end) <= '9') {
            end++;
        }
        return end <= start ? -1 : Long.parseLong(applicationData.substring(start, end));
    }

    private static int valueStart(String key, String applicationData) {
        String quoted = '"' + key + '"';
        int at = applicationData.indexOf(quoted);
        if (at < 0) {
            return -1;
        }
        int value = at + quoted.length();
        while (value < applicationData.length()
                && (applicationData.charAt(value) == ':' || applicationData.charAt(value) == ' ')) {
            value++;
        }
        return value;
    }
}

package io.entente.protocol;

import java.util.Arrays;

/**
 * What a person wants done about a branch that does not get to its end by itself. Between ours only.
 *
 * <p>It travels in the application data of the branch rollback request, as a last line of its own. Seata's clients look at
 * no application data when they roll an AT branch back, and no other branch gets one.
 */
public enum Resolution {
    /** The cause is mended: the rollback is tried once more. */
    RETRY(1),
    /** Rows are put back as the branch found them, and what others have written to them since is lost. */
    FORCE_BEFORE_IMAGE(2),
    /** Rows in the way stay as they are, and the branch's other rows are put back. */
    ACCEPT_CURRENT(3),
    /**
     * Nobody is asked any more: what had to be done is done by hand, or there is nobody left who could. Of branches of all
     * modes, committed or rolled back. Never sent.
     */
    MARK_DONE(4),
    /**
     * The branch's row locks are let go, so that others get on; it stays as it is otherwise, and can still be resolved. Never
     * sent.
     */
    RELEASE_LOCKS(5);

    private static final String KEY = "entente.resolution=";

    private final int code;

    Resolution(int code) {
        this.code = code;
    }

    /** Its number where it is stored. */
    public int code() {
        return code;
    }

    public static Resolution fromCode(int code) {
        return Arrays.stream(values())
                .filter(resolution -> resolution.code == code)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no resolution with the number " + code));
    }

    /** What is sent as application data, so that {@link #in} finds this resolution. */
    public String addedTo(String applicationData) {
        if (this == RETRY) {
            return applicationData;
        }
        return (applicationData.isEmpty() ? "" : applicationData + "\n") + KEY + name();
    }

    /**
     * The resolution in the application data of a rollback request; RETRY where there is none.
     *
     * @throws IllegalArgumentException it is one of a later version
     */
    public static Resolution in(String applicationData) {
        String lastLine = applicationData.substring(applicationData.lastIndexOf('\n') + 1);
        return lastLine.startsWith(KEY) ? valueOf(lastLine.substring(KEY.length())) : RETRY;
    }
}

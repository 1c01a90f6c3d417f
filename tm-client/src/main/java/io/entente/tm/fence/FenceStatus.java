package io.entente.tm.fence;

import java.util.Arrays;

/** What a row says about its branch. The codes are Seata's. */
enum FenceStatus {
    TRIED(1),
    COMMITTED(2),
    ROLLED_BACK(3),
    /** Cancelled before it was tried. */
    SUSPENDED(4);

    private final int code;

    FenceStatus(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static FenceStatus of(int code) {
        return Arrays.stream(values())
                .filter(status -> status.code == code)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "The fence holds status " + code + ", which is none of 1 to 4. Who wrote it?"));
    }
}

package io.entente.samples.provider;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** For the story: makes requests fail or take long. */
final class Trouble {

    private final AtomicInteger toBeRefused = new AtomicInteger();
    private final AtomicLong slowMillis = new AtomicLong();

    /**
     * @param refuse how many of the next requests fail
     * @param slowMillis how long the next request takes
     */
    record Wish(int refuse, long slowMillis) {}

    Wish come(Wish wish) {
        toBeRefused.set(wish.refuse());
        slowMillis.set(wish.slowMillis());
        return wish;
    }

    /** Called before each request is carried out. */
    void strike() throws InterruptedException {
        if (toBeRefused.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "out of order, as somebody wished");
        }
        Thread.sleep(slowMillis.getAndSet(0));
    }
}

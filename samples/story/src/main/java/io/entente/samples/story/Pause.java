package io.entente.samples.story;

/** Waiting between two looks. */
final class Pause {

    private Pause() {}

    /** @throws StoryException when interrupted */
    static void millis(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoryException("Interrupted", e);
        }
    }
}

package io.entente.samples.story;

/** The story cannot be told; the message says to a person why not and what to do. */
public final class StoryException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public StoryException(String message) {
        super(message);
    }

    public StoryException(String message, Throwable cause) {
        super(message, cause);
    }
}

package io.entente.samples.story;

/** The story cannot be told; the message says to a person why not and what to do. */
final class StoryException extends RuntimeException {

    private static final long serialVersionUID = 1;

    StoryException(String message) {
        super(message);
    }

    StoryException(String message, Throwable cause) {
        super(message, cause);
    }
}

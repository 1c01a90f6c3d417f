package io.entente.samples.story;

import tools.jackson.databind.JsonNode;

/**
 * What a client of a service knows after a request.
 *
 * @param body what the service answered; an empty object when there was no answer
 * @param text status and reason, for a person
 */
public record Answer(Outcome outcome, JsonNode body, String text) {

    /** Whether it was done. */
    public enum Outcome {
        DONE,
        /** It did not, and will not, take place. */
        NOT_DONE,
        /** Either way: nobody could tell. */
        UNKNOWN
    }

    public boolean isDone() {
        return outcome == Outcome.DONE;
    }

    public boolean isNotDone() {
        return outcome == Outcome.NOT_DONE;
    }
}

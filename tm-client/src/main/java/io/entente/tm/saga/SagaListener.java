package io.entente.tm.saga;

/** Is told how far the sagas of a process are: the points at which a test lets it die. */
interface SagaListener {

    /** In the order in which a step, or the saga, comes by. */
    enum Point {
        BEFORE_REGISTER,
        AFTER_REGISTER,
        BEFORE_RUN,
        AFTER_RUN,
        AFTER_REPORT,
        BEFORE_DECISION,
        AFTER_DECISION,
        BEFORE_END,
        BEFORE_COMPENSATION,
        AFTER_COMPENSATION
    }

    /** @param where name of the step, or of the saga for what concerns it as a whole */
    void at(Point point, String where);
}

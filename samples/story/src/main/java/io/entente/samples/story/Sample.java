package io.entente.samples.story;

import java.util.List;

/**
 * What one sample adds to what all have in common: its services, its tables, its rules and its chapters. Its class has
 * to come from the sample's own module, because the work directory lies next to it.
 *
 * @param <T> what the tables of all its services hold at one moment
 */
public interface Sample<T> {

    /** What the story is about, in one line. */
    String title();

    /** The services, in the order in which they are shown. */
    List<Service> services();

    /** Settings of all services beyond those that each has anyway, such as {@code --entente.xa.data-sources=*}. */
    default List<String> serviceArguments() {
        return List.of();
    }

    /** Reads the tables past the services. */
    T read(RunningDatabases databases);

    /** The tables as they are shown, side by side. */
    List<Pane> panes(T tables);

    /**
     * What must hold whenever nothing is under way, whatever happened before.
     *
     * @param initial the tables before the first chapter
     * @param now the tables after everything has settled
     */
    List<Finding> rules(T initial, T now);

    /**
     * What has to vanish by itself soon after the last global transaction, such as undo rows. Before {@link #rules} are
     * looked at, it is waited for.
     */
    List<Finding> leftovers(T now);

    /** Tells all chapters, one after the other. */
    void tell(Chapters<T> chapters);

    /** Lines for a shell, to be tried while everything stays up; those for the coordinator are shown anyway. */
    List<String> invitation(Landscape landscape);
}

package io.entente.samples.story;

import java.util.List;

/** A sample with nothing but services. */
record EmptySample(List<Service> services) implements Sample<String> {

    @Override
    public String title() {
        return "nothing";
    }

    @Override
    public String read(RunningDatabases databases) {
        return "";
    }

    @Override
    public List<Pane> panes(String tables) {
        return List.of();
    }

    @Override
    public List<Finding> rules(String initial, String now) {
        return List.of();
    }

    @Override
    public List<Finding> leftovers(String now) {
        return List.of();
    }

    @Override
    public void tell(Chapters<String> chapters) {}

    @Override
    public List<String> invitation(Landscape landscape) {
        return List.of();
    }
}

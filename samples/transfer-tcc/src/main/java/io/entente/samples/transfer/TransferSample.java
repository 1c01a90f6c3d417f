package io.entente.samples.transfer;

import io.entente.samples.bank.BankApplication;
import io.entente.samples.story.Chapters;
import io.entente.samples.story.Finding;
import io.entente.samples.story.Landscape;
import io.entente.samples.story.Pane;
import io.entente.samples.story.RunningDatabases;
import io.entente.samples.story.Sample;
import io.entente.samples.story.Service;
import io.entente.samples.story.Story;
import java.util.List;

/** Transfers between two banks, each with a database of its own. */
public final class TransferSample implements Sample<TransferTables> {

    static final Service NORTH = bank("north", 8081).calling(bank("south", 8082));
    static final Service SOUTH = bank("south", 8082).calling(bank("north", 8081));

    /** See {@link Story} for the settings. */
    public static void main(String[] arguments) {
        Story.main(TransferSample::new);
    }

    private static Service bank(String name, int port) {
        return new Service(name, BankApplication.class, port, name, "/accounts")
                .with("--spring.application.name=" + name);
    }

    @Override
    public String title() {
        return "one transfer, two banks: try, then confirm or cancel";
    }

    @Override
    public List<Service> services() {
        return List.of(NORTH, SOUTH);
    }

    @Override
    public TransferTables read(RunningDatabases databases) {
        return TransferTables.read(databases);
    }

    @Override
    public List<Pane> panes(TransferTables tables) {
        return tables.panes();
    }

    @Override
    public List<Finding> rules(TransferTables initial, TransferTables now) {
        return List.of(
                now.moneyIsConserved(initial), now.statementsExplainBalances(initial), now.everyTransferIsWhole());
    }

    @Override
    public List<Finding> leftovers(TransferTables now) {
        return List.of(now.nothingIsPromised(), now.everyFenceRowIsFinished());
    }

    @Override
    public void tell(Chapters<TransferTables> chapters) {
        new TransferChapters(chapters).tell();
    }

    @Override
    public List<String> invitation(Landscape landscape) {
        return List.of(
                "# transfer something, with time to look while it is checked",
                "curl -H 'Content-Type: application/json' " + landscape.url(NORTH) + "/transfers \\",
                "  -d '{\"reference\":\"mine\",\"from\":\"alice\",\"to\":\"dave\",\"bank\":\"south\",\"amount\":1,"
                        + "\"checkMillis\":6000}'");
    }
}

package io.entente.samples.shop;

import io.entente.samples.account.AccountApplication;
import io.entente.samples.inventory.InventoryApplication;
import io.entente.samples.order.OrderApplication;
import io.entente.samples.story.Chapters;
import io.entente.samples.story.Finding;
import io.entente.samples.story.Landscape;
import io.entente.samples.story.Pane;
import io.entente.samples.story.RunningDatabases;
import io.entente.samples.story.Sample;
import io.entente.samples.story.Service;
import io.entente.samples.story.Story;
import java.util.List;

/** Purchases across three services, each with a database of its own. */
public final class ShopSample implements Sample<ShopTables> {

    static final Service INVENTORY = new Service("inventory", InventoryApplication.class, 8082, "inventory", "/stock");
    static final Service ACCOUNT = new Service("account", AccountApplication.class, 8083, "accounts", "/accounts");
    static final Service ORDER =
            new Service("order", OrderApplication.class, 8081, "orders", "/orders").calling(INVENTORY, ACCOUNT);

    private final Mode mode;

    /** @throws io.entente.samples.story.StoryException when the mode that the environment chooses does not exist */
    ShopSample() {
        this(Mode.of(System.getenv()));
    }

    ShopSample(Mode mode) {
        this.mode = mode;
    }

    /** See {@link Story} for the settings; besides, {@code ENTENTE_SAMPLE_MODE} is at or xa. */
    public static void main(String[] arguments) {
        Story.main(ShopSample::new);
    }

    @Override
    public String title() {
        return "one purchase, three services, three databases, in " + mode + " mode";
    }

    @Override
    public List<Service> services() {
        return List.of(ORDER, INVENTORY, ACCOUNT);
    }

    @Override
    public List<String> serviceArguments() {
        return mode.serviceArguments();
    }

    @Override
    public ShopTables read(RunningDatabases databases) {
        return ShopTables.read(databases, mode);
    }

    @Override
    public List<Pane> panes(ShopTables tables) {
        return tables.panes();
    }

    @Override
    public List<Finding> rules(ShopTables initial, ShopTables now) {
        return List.of(now.moneyIsConserved(initial), now.stockIsConserved(initial), now.noOrderIsHalfDone());
    }

    @Override
    public List<Finding> leftovers(ShopTables now) {
        return List.of(Finding.noRows("no " + mode.leftover() + " is left", now.leftovers()));
    }

    @Override
    public void tell(Chapters<ShopTables> chapters) {
        new ShopChapters(chapters, mode).tell();
    }

    @Override
    public List<String> invitation(Landscape landscape) {
        return List.of(
                "# buy something, with time to look while it is packed",
                "curl -H 'Content-Type: application/json' " + landscape.url(ORDER) + "/purchases \\",
                "  -d '{\"userId\":\"bob\",\"commodity\":\"lamp\",\"count\":1,\"amount\":25,\"packingMillis\":10000}'");
    }
}

package io.entente.crash;

import io.entente.tm.fence.DataSourceTransactions;
import io.entente.tm.fence.Fence;
import io.entente.tm.saga.Retry;
import io.entente.tm.saga.Saga;
import io.entente.tm.saga.SagaBuilder;
import io.entente.tm.saga.SagaSettings;
import io.entente.tm.saga.SagaUnfinishedException;
import io.entente.tm.saga.Sagas;
import io.entente.tm.saga.StepCall;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/** Takes the money in one step and gives it in another, at a bank that knows nothing of sagas but the idempotency key. */
final class SagaBank extends Bank {

    /** What a transfer is told. */
    record Order(int amount, boolean declined) {}

    private final Sagas sagas;
    private final Saga<Order> transfer;
    private final Bookings bookings;
    private final Fence fence;

    /** @param forward whether accepting is a point of no return, with the payee's part behind it */
    SagaBank(Site site, String address, Directory directory, boolean forward) {
        super(site, site.pool(), "saga-" + site.name(), address);
        bookings = new Bookings(pool);
        sagas = Sagas.of(client, client.transactions(), SagaSettings.standard().withPatience(Duration.ofSeconds(8)));
        fence = new Fence(new DataSourceTransactions(pool));
        SagaBuilder<Order> builder =
                Saga.named("transfer from " + site.name(), Order.class).timeout(TIMEOUT);
        transfer = forward
                ? builder.step("take", this::take)
                        .fenced(fence)
                        .compensate(this::putBack)
                        .pivot("accept", SagaBank::accept)
                        .noCompensation()
                        .step("give", call -> give(directory, call))
                        .retry(Retry.times(2).every(Duration.ofMillis(20)))
                        .build()
                : builder.parallel(both -> both.step("take", this::take)
                                .fenced(fence)
                                .compensate(this::putBack)
                                .step("give", call -> give(directory, call))
                                .compensate(call -> takeBack(directory, call)))
                        .step("accept", SagaBank::accept)
                        .noCompensation()
                        .build();
        sagas.serve(transfer);
        sagas.awaitConnected(Duration.ofSeconds(10));
    }

    private void take(StepCall<Order> call) throws SQLException {
        update(call, -call.input().amount());
    }

    private void putBack(StepCall<Order> call) throws SQLException {
        update(call, call.input().amount());
    }

    private static void update(StepCall<Order> call, int amount) throws SQLException {
        try (PreparedStatement update =
                call.connection().prepareStatement("UPDATE account SET balance = balance + ? WHERE id = ?")) {
            update.setInt(1, amount);
            update.setString(2, "main");
            update.executeUpdate();
        }
    }

    private static void accept(StepCall<Order> call) throws DeclinedException {
        if (call.input().declined()) {
            throw new DeclinedException();
        }
    }

    private static void give(Directory directory, StepCall<Order> call) throws Exception {
        SagaBank payee = (SagaBank) directory.find("payee");
        payee.remotely(
                call.xid(), () -> payee.bookings.book(call.key(), call.input().amount()));
    }

    private static void takeBack(Directory directory, StepCall<Order> call) throws Exception {
        SagaBank payee = (SagaBank) directory.find("payee");
        payee.remotely(call.xid(), () -> payee.bookings.cancel(call.key()));
    }

    @Override
    protected void move(int amount) {
        throw new UnsupportedOperationException("a saga moves money as a whole");
    }

    @Override
    void transfer(Bank payee, boolean declined) throws Exception {
        try {
            var unused = sagas.run(transfer, new Order(10, declined));
        } catch (SagaUnfinishedException e) {
            throw new NotYetKnownException(e);
        }
    }

    @Override
    protected void sweep() throws Exception {
        var unused = fence.sweepTried(Duration.ZERO, client.branches()::isOver);
    }

    @Override
    protected void letGo() {
        sagas.close();
    }
}

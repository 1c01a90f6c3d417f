package io.entente.tc.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In which order the branches of mixed transactions are asked. */
class PhaseTwoOrderTest {
    private final Heart heart = new Heart();

    /** Branches as {@code "AT:stock XA:bank …"}, in the order of their registration. */
    private String begun(String branches) {
        String xid = heart.begin();
        for (String branch : branches.split(" ")) {
            String[] parts = branch.split(":");
            heart.register(xid, BranchType.valueOf(parts[0]), parts[1], "", false);
        }
        return xid;
    }

    private String ready(String xid) {
        return PhaseTwoOrder.ready(heart.transaction(xid)).stream()
                .map(branch -> branch.type() + ":" + branch.resourceId())
                .sorted()
                .collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @CsvSource({
        // AT and XA wait within their resource only.
        "AT:stock, AT:stock",
        "AT:stock AT:account, AT:account AT:stock",
        "AT:stock XA:bank, AT:stock XA:bank",
        "AT:stock AT:stock XA:bank XA:bank, AT:stock XA:bank",
        // What the application undoes goes strictly backwards, against everything.
        "TCC:a TCC:b, TCC:b",
        "AT:stock TCC:a, TCC:a",
        "TCC:a AT:stock, AT:stock",
        "TCC:a AT:stock XA:bank, AT:stock XA:bank",
        "AT:stock TCC:a XA:bank AT:account, AT:account XA:bank",
        "AT:stock SAGA_ANNOTATION:trip/car AT:account, AT:account",
        "SAGA_ANNOTATION:trip/car SAGA_ANNOTATION:trip/hotel TCC:a, TCC:a",
        "SAGA_ANNOTATION:trip/car TCC:a SAGA_ANNOTATION:trip/hotel, SAGA_ANNOTATION:trip/hotel",
        "AT:stock SAGA:trip, SAGA:trip",
        "SAGA:engine SAGA:engine, SAGA:engine",
    })
    void rollback_goes_backwards_where_order_matters(String branches, String first) {
        String xid = begun(branches);
        heart.give(new Command.Rollback(xid));
        assertThat(ready(xid)).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource({
        "AT:stock AT:stock TCC:a XA:bank, AT:stock AT:stock TCC:a XA:bank",
        "SAGA_ANNOTATION:trip/car AT:stock SAGA:trip, AT:stock SAGA:trip",
        "SAGA_ANNOTATION:trip/car TCC:a, TCC:a",
    })
    void commit_asks_all_at_once_but_the_steps_of_a_saga(String branches, String first) {
        String xid = begun(branches);
        heart.give(new Command.Commit(xid));
        assertThat(ready(xid)).isEqualTo(first);
    }

    @Test
    void a_mixed_transaction_is_undone_to_the_end_in_order() {
        String xid = begun("AT:stock TCC:a XA:bank AT:account SAGA_ANNOTATION:trip/car AT:stock AT:stock");
        heart.give(new Command.Rollback(xid));
        List<String> rounds = new ArrayList<>();
        while (heart.transaction(xid) != null) {
            rounds.add(ready(xid));
            for (Branch branch : PhaseTwoOrder.ready(heart.transaction(xid))) {
                heart.answer(xid, branch.id(), BranchStatus.PHASE_TWO_ROLLED_BACK);
            }
        }
        assertThat(rounds)
                .containsExactly(
                        "AT:stock", "AT:stock", "SAGA_ANNOTATION:trip/car", "AT:account XA:bank", "TCC:a", "AT:stock");
    }

    @Test
    void the_rules_hold_for_every_pair_of_any_transaction() {
        int pairs = 0;
        for (long seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            String xid = heart.begin();
            for (int i = 1 + random.nextInt(7); i > 0; i--) {
                heart.register(xid, BranchType.fromCode(random.nextInt(5)), "r" + random.nextInt(3), "", false);
            }
            heart.give(new Command.Rollback(xid));
            List<Branch> branches = heart.transaction(xid).branches();
            Set<Long> ready = new HashSet<>();
            PhaseTwoOrder.ready(heart.transaction(xid)).forEach(branch -> ready.add(branch.id()));
            for (int i = 0; i < branches.size(); i++) {
                boolean waits = false;
                for (int later = i + 1; later < branches.size(); later++) {
                    waits |= waitsFor(branches.get(i), branches.get(later));
                    pairs++;
                }
                assertThat(ready.contains(branches.get(i).id()))
                        .as("seed %d, branch %d of %s", seed, i, branches)
                        .isEqualTo(!waits);
            }
        }
        assertThat(pairs).isGreaterThan(10_000);
    }

    private static boolean waitsFor(Branch earlier, Branch later) {
        Set<BranchType> undoneByApplication = Set.of(BranchType.TCC, BranchType.SAGA, BranchType.SAGA_ANNOTATION);
        return earlier.resourceId().equals(later.resourceId())
                || undoneByApplication.contains(earlier.type())
                || undoneByApplication.contains(later.type());
    }
}

package io.entente.tc.transaction;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * In which order the branches of a decided transaction are asked.
 *
 * <p>Commit asks all at once. Steps of a saga ({@code SAGA_ANNOTATION}) are not asked: they stand until all others are
 * finished, as the journal of the saga that runs on, and end with the transaction.
 *
 * <p>Rollback goes backwards where order matters. A branch waits for every later branch of its resource, because both may
 * have changed the same row. What the application undoes itself (TCC, SAGA, SAGA_ANNOTATION) may read or write anything
 * that was done before it, and rests on nothing that came after: such a branch waits for every later one, and every
 * branch waits for the later ones of this kind. AT and XA branches of different resources do not wait for each other.
 */
public final class PhaseTwoOrder {
    private PhaseTwoOrder() {}

    /** The branches that wait for no other, whether they are being asked already or not. */
    public static List<Branch> ready(GlobalTransaction transaction) {
        return transaction.phase().isCommit() ? toCommit(transaction) : toRollBack(transaction.branches());
    }

    /** Without those that are not asked, unless there are no others, which only a log of an old version leaves behind. */
    private static List<Branch> toCommit(GlobalTransaction transaction) {
        List<Branch> asked = withoutJournal(transaction.branches());
        return asked.isEmpty() ? transaction.branches() : asked;
    }

    /** The branches whose end is the end of a committed transaction. */
    static List<Branch> withoutJournal(List<Branch> branches) {
        for (Branch branch : branches) {
            if (branch.isJournal()) {
                return branches.stream().filter(each -> !each.isJournal()).toList();
            }
        }
        return branches;
    }

    private static List<Branch> toRollBack(List<Branch> branches) {
        List<Branch> ready = new ArrayList<>(branches.size());
        Set<String> laterResources = new HashSet<>();
        for (int i = branches.size() - 1; i >= 0; i--) {
            Branch branch = branches.get(i);
            boolean isLast = i == branches.size() - 1;
            boolean isLastOfResource = laterResources.add(branch.resourceId());
            if (branch.isUndoneByApplication()) {
                if (isLast) {
                    ready.add(branch);
                }
                // Whatever came before waits for this one.
                return ready;
            }
            if (isLastOfResource) {
                ready.add(branch);
            }
        }
        return ready;
    }
}

package io.entente.tc.log;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The members of a {@link LogGroup}, and what an operator may do about them. */
public interface Cluster {

    /**
     * What this process knows of one member.
     *
     * @param address where it is reached
     * @param leads whether it leads, as far as is known here
     * @param reachable whether the leader has heard of it lately; on a follower always true
     */
    record MemberState(ClusterMember address, boolean leads, boolean reachable) {}

    /** This process. */
    ClusterMember self();

    /** The members by address. */
    List<MemberState> members();

    /**
     * Who leads, or led last.
     *
     * @param term grows with each election; what two members say of the same term never contradicts
     */
    record Lead(ClusterMember leader, long term) {}

    /** The newest lead that this process knows of, null before the first. */
    @Nullable
    Lead lastLead();

    /** Has {@code listener} called, on a thread that must not be held up, whenever {@link #lastLead} has changed. */
    void onLeadChanged(Runnable listener);

    /**
     * Adds a member that runs already and waits to be added. It gets the state first, and counts from then on.
     *
     * @return completes when a majority has it in its log; fails with {@link ClusterRefusedException} when it cannot be
     *     done, or not by this member
     */
    CompletableFuture<Void> add(ClusterMember member);

    /**
     * Removes a member, which may be down, but not the leader.
     *
     * @return as {@link #add}
     */
    CompletableFuture<Void> remove(ClusterMember member);

    /**
     * Lets another member lead.
     *
     * @return completes when that one was asked to; fails as {@link #add}
     */
    CompletableFuture<Void> transferLead(ClusterMember member);
}

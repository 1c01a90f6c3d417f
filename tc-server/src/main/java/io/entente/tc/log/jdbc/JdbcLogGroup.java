package io.entente.tc.log.jdbc;

import io.entente.tc.log.LeadershipLostException;
import io.entente.tc.log.LogFailedException;
import io.entente.tc.log.LogGroup;
import io.entente.tc.log.LogStatistics;
import io.entente.tc.log.LogUnusableException;
import io.entente.tc.log.ThreadEnd;
import io.entente.tc.log.TransactionLog;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Coordinators that share a log in a database. One of them leads, as long as it renews its lease; the others look at it, and
 * the first to find that it has ended takes the lead.
 *
 * <p>A database that cannot be reached ends a lead but no process: whoever reaches it first goes on.
 */
public final class JdbcLogGroup implements LogGroup {

    private static final Logger LOGGER = LoggerFactory.getLogger(JdbcLogGroup.class);

    private final JdbcLogSettings settings;
    private final String address;
    private final Lease lease;
    private final Thread thread = new Thread(this::run, "entente-lease");
    private @Nullable Listener listener;
    private volatile boolean closed;
    private volatile boolean lost;

    // Of the thread only.
    private @Nullable LogConnection connection;
    private long term;
    private long renewedAt;
    private boolean told;
    private @Nullable String toldLeader;
    private boolean unreachable;

    private volatile @Nullable TransactionLog log;
    private volatile LogStatistics ended = new LogStatistics(0, 0, 0, 0, 0, 0);

    private JdbcLogGroup(JdbcLogSettings settings, String address) {
        this.settings = settings;
        this.address = address;
        this.lease = new Lease(settings);
        thread.setDaemon(true);
    }

    /**
     * Looks whether the database can hold the log.
     *
     * @param address {@code host:port} where clients reach this process when it leads
     * @throws LogUnusableException it cannot be reached, lacks the tables, or may lose what it has acknowledged
     */
    public static JdbcLogGroup open(JdbcLogSettings settings, String address) {
        JdbcLogGroup group = new JdbcLogGroup(settings, address);
        try (LogConnection first = LogConnection.open(settings)) {
            LogTables.require(first, settings);
        } catch (SQLException e) {
            throw new LogUnusableException(
                    "The log's database " + settings.name() + " cannot be used: " + e.getMessage(), e);
        }
        return group;
    }

    @Override
    public void start(Listener listener) {
        this.listener = listener;
        // Alone it leads before the first client comes.
        try {
            turn();
        } catch (LogUnusableException e) {
            closed = true;
            release();
            throw e;
        }
        thread.start();
    }

    private void run() {
        long rhythm = settings.rhythm().toNanos();
        while (!closed) {
            if (!lost) {
                LockSupport.parkNanos(this, rhythm);
            }
            try {
                turn();
            } catch (RuntimeException e) {
                fail(e);
            }
        }
        follow(null);
        release();
    }

    /** @throws RuntimeException the log cannot be used by this process, however often it is tried */
    private void turn() {
        try {
            if (log != null && lost) {
                giveUp(null);
            }
            LogConnection at = connection();
            if (log != null) {
                renew(at);
            } else {
                tryToLead(at);
            }
            unreachable = false;
        } catch (SQLException | LeadershipLostException e) {
            troubled(e);
        }
    }

    private LogConnection connection() throws SQLException {
        LogConnection known = connection;
        if (known == null) {
            known = LogConnection.open(settings);
            connection = known;
        }
        return known;
    }

    private void renew(LogConnection at) throws SQLException {
        if (lease.renew(at, term)) {
            renewedAt = System.nanoTime();
        } else {
            giveUp(lease.read(at).leader());
        }
    }

    private void tryToLead(LogConnection at) throws SQLException {
        Lease.Holder holder = lease.read(at);
        long taken = holder.leader() == null ? lease.take(at, address) : 0;
        if (taken == 0) {
            follow(holder.leader());
            return;
        }
        term = taken;
        renewedAt = System.nanoTime();
        lost = false;
        TransactionLog leading = JdbcLog.open(settings, lease, taken, this::onLost);
        LOGGER.info("This coordinator leads group {} in term {}", settings.group(), taken);
        try (LeaseKeeper whileItIsRead = new LeaseKeeper(settings, lease, taken)) {
            Objects.requireNonNull(listener).onLead(leading);
        } catch (RuntimeException e) {
            leading.close();
            throw e;
        }
        renewedAt = System.nanoTime();
        log = leading;
        told = false;
    }

    /** On the log's thread. */
    private void onLost(LogFailedException failure) {
        lost = true;
        LockSupport.unpark(thread);
    }

    private void giveUp(@Nullable String leader) {
        TransactionLog lead = log;
        if (lead == null) {
            return;
        }
        lost = true;
        Objects.requireNonNull(listener).onFollow(leader);
        lead.close();
        LogStatistics last = lead.statistics();
        ended = sum(ended, last);
        log = null;
        lost = false;
        told = true;
        toldLeader = leader;
        try {
            // Whoever has no trouble with the database may go on at once.
            lease.release(connection(), term);
        } catch (SQLException e) {
            LOGGER.debug("The lease is left to end by itself", e);
        }
    }

    private void follow(@Nullable String leader) {
        if (log != null) {
            giveUp(leader);
        } else if (!told || !Objects.equals(leader, toldLeader)) {
            told = true;
            toldLeader = leader;
            if (leader != null) {
                LOGGER.info("{} leads group {}; this coordinator stands by", leader, settings.group());
            }
            Objects.requireNonNull(listener).onFollow(leader);
        }
    }

    private void troubled(Exception e) {
        if (!unreachable) {
            LOGGER.warn(
                    "The log's database {} does not answer; tried again until it does: {}",
                    settings.name(),
                    e.getMessage());
            LOGGER.debug("The log's database does not answer", e);
        }
        unreachable = true;
        LogConnection broken = connection;
        connection = null;
        if (broken != null) {
            broken.close();
        }
        boolean over = System.nanoTime() - renewedAt > settings.lease().toNanos();
        if (log == null) {
            follow(null);
        } else if (over) {
            giveUp(null);
        }
    }

    private void fail(RuntimeException e) {
        LOGGER.error("The log in {} cannot be used", settings.name(), e);
        closed = true;
        Objects.requireNonNull(listener).onFailure(new LogFailedException(String.valueOf(e.getMessage()), e));
    }

    private static LogStatistics sum(LogStatistics one, LogStatistics other) {
        return new LogStatistics(
                one.entries() + other.entries(),
                one.bytes() + other.bytes(),
                one.syncs() + other.syncs(),
                one.syncNanos() + other.syncNanos(),
                one.snapshots() + other.snapshots(),
                Math.max(one.durableIndex(), other.durableIndex()));
    }

    @Override
    public LogStatistics statistics() {
        TransactionLog now = log;
        return now == null ? ended : sum(ended, now.statistics());
    }

    private void release() {
        LogConnection last = connection;
        connection = null;
        if (last != null) {
            last.close();
        }
    }

    @Override
    public void close() {
        Listener leading = listener;
        if (!closed && leading != null) {
            leading.onHandOver(null);
        }
        closed = true;
        LockSupport.unpark(thread);
        if (!Thread.currentThread().equals(thread)) {
            ThreadEnd.await(thread);
        }
    }
}

package io.entente.tc.log.file;

import io.entente.tc.log.LogFailedException;
import io.entente.tc.log.LogGroup;
import io.entente.tc.log.LogStatistics;
import io.entente.tc.log.TransactionLog;
import org.jspecify.annotations.Nullable;

/** The embedded engine as a group: of one, which leads as soon as it is started, and until its disk fails. */
public final class FileLogGroup implements LogGroup {
    private final TransactionLog log;
    private volatile @Nullable Listener listener;

    private FileLogGroup(FileLogSettings settings) {
        this.log = FileLog.open(settings, this::failed);
    }

    private void failed(LogFailedException failure) {
        Listener told = listener;
        // Without a start nothing was written, and so nothing has failed.
        if (told != null) {
            told.onFailure(failure);
        }
    }

    /**
     * Takes possession of the directory.
     *
     * @throws io.entente.tc.log.LogUnusableException when the directory cannot be used, or another process uses it
     */
    public static FileLogGroup open(FileLogSettings settings) {
        return new FileLogGroup(settings);
    }

    @Override
    public void start(Listener listener) {
        this.listener = listener;
        listener.onLead(log);
    }

    @Override
    public LogStatistics statistics() {
        return log.statistics();
    }

    @Override
    public void close() {
        log.close();
    }
}

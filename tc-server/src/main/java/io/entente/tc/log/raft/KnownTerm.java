package io.entente.tc.log.raft;

import com.alipay.sofa.jraft.core.DefaultJRaftServiceFactory;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.option.RaftMetaStorageOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.RaftMetaStorage;
import com.alipay.sofa.jraft.storage.impl.LocalRaftMetaStorage;

/**
 * The term that this member is in at this moment. The library has it, but tells nobody; whatever raises it has to store it
 * first, though, and the store is ours to bring.
 */
final class KnownTerm extends DefaultJRaftServiceFactory {
    private volatile long term;

    long term() {
        return term;
    }

    @Override
    public RaftMetaStorage createRaftMetaStorage(String uri, RaftOptions options) {
        return new Store(uri, options);
    }

    private final class Store extends LocalRaftMetaStorage {
        Store(String path, RaftOptions options) {
            super(path, options);
        }

        @Override
        public boolean init(RaftMetaStorageOptions options) {
            boolean done = super.init(options);
            if (done) {
                term = getTerm();
            }
            return done;
        }

        @Override
        public boolean setTerm(long value) {
            term = value;
            return super.setTerm(value);
        }

        @Override
        public boolean setTermAndVotedFor(long value, PeerId candidate) {
            term = value;
            return super.setTermAndVotedFor(value, candidate);
        }
    }
}

package io.entente.benchmarks;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.EntenteExtension;
import io.entente.protocol.Message;
import io.entente.protocol.Message.Result;
import io.entente.protocol.transport.CoordinatorChannel;
import java.util.List;
import java.util.function.Consumer;

/** A client without a database, which speaks the protocol only. */
final class BenchmarkRoles {
    static final String STOCK = "jdbc:h2:mem:stock";
    static final String ACCOUNT = "jdbc:h2:mem:account";

    private BenchmarkRoles() {}

    static long requireRegistered(Message.Response answer) {
        Message.BranchRegisterResponse registered = (Message.BranchRegisterResponse) answer;
        if (!registered.result().success()) {
            throw new IllegalStateException(registered.result().message());
        }
        return registered.branchId();
    }

    static final class Tm implements CoordinatorChannel.Role {
        @Override
        public Message.Request registration() {
            return new Message.RegisterTmRequest(
                    EntenteExtension.PROTOCOL_VERSION, "benchmark", "group", EntenteExtension.ANNOUNCEMENT);
        }

        @Override
        public void received(Message message, CoordinatorChannel.Answer answer) {
            throw new IllegalStateException("a TM is not asked for anything: " + message);
        }

        @Override
        public String toString() {
            return "TM";
        }
    }

    /** Commits at once what it is asked to. */
    static final class Rm implements CoordinatorChannel.Role {
        private final Consumer<Message.BranchCommitRequest> asked;

        /** @param asked called on the I/O thread before the answer */
        Rm(Consumer<Message.BranchCommitRequest> asked) {
            this.asked = asked;
        }

        @Override
        public Message.Request registration() {
            return new Message.RegisterRmRequest(
                    EntenteExtension.PROTOCOL_VERSION,
                    "benchmark",
                    "group",
                    EntenteExtension.ANNOUNCEMENT,
                    List.of(STOCK, ACCOUNT));
        }

        @Override
        public void received(Message message, CoordinatorChannel.Answer answer) {
            Message.BranchCommitRequest request = (Message.BranchCommitRequest) message;
            asked.accept(request);
            answer.send(new Message.BranchCommitResponse(
                    Result.OK, request.xid(), request.branchId(), BranchStatus.PHASE_TWO_COMMITTED));
        }

        @Override
        public String toString() {
            return "RM";
        }
    }
}

package io.entente.tc.session;

import io.entente.protocol.EntenteExtension;
import io.entente.protocol.MalformedFrameException;
import io.entente.protocol.Message;
import io.entente.protocol.RegistrationRefusal;
import io.entente.protocol.RowLockWait;
import io.entente.protocol.codec.Frame;
import io.entente.protocol.transport.Connection;
import io.entente.protocol.transport.ConnectionListener;
import io.entente.protocol.transport.Rejection;
import io.entente.tc.coordinator.Asker;
import io.entente.tc.coordinator.Caller;
import io.entente.tc.coordinator.Coordinator;
import io.entente.tc.coordinator.CoordinatorObserver;
import io.entente.tc.security.ClientGate;
import io.entente.tc.security.ClientGate.Admission;
import io.entente.tc.security.ClientGate.Admitted;
import io.entente.tc.security.ClientGate.Refused;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.LockPatience;
import io.entente.tc.transaction.LockPatience.Holding;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what clients send into commands, and keeps the register of clients. */
public final class RequestRouter implements ConnectionListener {
    private static final Logger log = LoggerFactory.getLogger(RequestRouter.class);

    /** How long a connection usually may stay without a registration; ours and Seata's clients register at once. */
    public static final Duration REGISTRATION_PATIENCE = Duration.ofSeconds(15);

    private final ServedGroups groups;
    private final ClientGate gate;
    private final CoordinatorObserver observer;
    private final String xidPrefix;
    private final long seataLockWaitMillis;
    private final Duration registrationPatience;

    /**
     * @param groups to which the clients belong
     * @param gate who may register
     * @param observer told whom was turned away
     * @param xidPrefix {@code host:port:}, where clients reach this coordinator
     * @param seataLockWaitMillis how long a client of Seata's waits for rows, before it is told to come again
     * @param registrationPatience how long a connection may stay without a registration
     */
    public RequestRouter(
            ServedGroups groups,
            ClientGate gate,
            CoordinatorObserver observer,
            String xidPrefix,
            long seataLockWaitMillis,
            Duration registrationPatience) {
        this.groups = groups;
        this.gate = gate;
        this.observer = observer;
        this.xidPrefix = xidPrefix;
        this.seataLockWaitMillis = seataLockWaitMillis;
        this.registrationPatience = registrationPatience;
    }

    @Override
    public void opened(Connection connection) {
        connection.after(registrationPatience, () -> {
            if (connection.attachment() == null) {
                connection.reject(
                        Rejection.NOT_REGISTERED,
                        "it did not register within " + registrationPatience.toMillis() + " ms");
            }
        });
    }

    @Override
    public void rejected(Connection connection, Rejection reason) {
        observer.onRejected(reason);
    }

    @Override
    public void received(Connection connection, Frame frame, Message message) {
        if (isRegistration(message)) {
            register(connection, frame.requestId(), message);
            return;
        }
        if (!(connection.attachment() instanceof Session session)) {
            connection.reject(Rejection.NOT_REGISTERED, "it sent " + message.type() + " before it registered");
            return;
        }
        if (message instanceof Message.MergedRequest batch) {
            Caller[] callers = Replies.toBatch(session, frame.requestId(), batch);
            boolean alone = callers.length == 1 || Replies.answersAlone(session, batch);
            for (int i = 0; i < callers.length; i++) {
                handle(session, batch.messages().get(i), new Sent(Asker.WITHOUT_ID, alone, 0), callers[i]);
            }
        } else {
            handle(
                    session,
                    message,
                    new Sent(frame.requestId(), true, registration(frame)),
                    Replies.plain(connection, frame.requestId()));
        }
        if (isFlooded(session)) {
            connection.pauseReadingWhile(() -> isFlooded(session));
        }
    }

    /** Of the coordinator that leads now: what one that does not lead any more had to do is never done. */
    private static boolean isFlooded(Session session) {
        Coordinator coordinator = session.served().leadership().leading();
        return coordinator != null && coordinator.isFlooded();
    }

    private static boolean isRegistration(Message message) {
        return message instanceof Message.RegisterTmRequest || message instanceof Message.RegisterRmRequest;
    }

    private void register(Connection connection, int requestId, Message message) {
        boolean tm = message instanceof Message.RegisterTmRequest;
        String extraData = message instanceof Message.RegisterTmRequest request
                ? request.extraData()
                : ((Message.RegisterRmRequest) message).extraData();
        ServedGroup served = groups.of(
                message instanceof Message.RegisterTmRequest request
                        ? request.transactionServiceGroup()
                        : ((Message.RegisterRmRequest) message).transactionServiceGroup());
        Admission admission = gate.admit(connection, extraData);
        if (admission instanceof Refused refused) {
            connection.reject(
                    refused.reason(),
                    refused.why(),
                    Frame.response(requestId, answer(tm, false, RegistrationRefusal.version(refused.why()))));
        } else if (connection.attachment() instanceof Session known && known.served() != served) {
            connection.close(
                    "it registered for the group " + known.served().name() + " and then for the group " + served.name()
                            + ": its transaction managers and resource managers have to have one transaction service group");
        } else if (served.leadership().leading() == null && EntenteExtension.isAnnouncedIn(extraData)) {
            connection.send(redirection(served, requestId, answer(tm, false, EntenteExtension.ANSWERED_VERSION)));
        } else if (admission instanceof Admitted admitted) {
            register(connection, served, requestId, message, admitted);
        }
    }

    private static Message.Response answer(boolean tm, boolean identified, String version) {
        return tm
                ? new Message.RegisterTmResponse(identified, version)
                : new Message.RegisterRmResponse(identified, version);
    }

    private void register(
            Connection connection, ServedGroup served, int requestId, Message message, Admitted admitted) {
        if (message instanceof Message.RegisterTmRequest request) {
            Session session = register(
                    connection,
                    served,
                    Session.Role.TM,
                    request.applicationId(),
                    request.transactionServiceGroup(),
                    request.version(),
                    request.extraData(),
                    admitted);
            connection.send(Frame.response(requestId, answer(true, true, versionFor(session))));
        } else if (message instanceof Message.RegisterRmRequest request) {
            Session session = register(
                    connection,
                    served,
                    Session.Role.RM,
                    request.applicationId(),
                    request.transactionServiceGroup(),
                    request.version(),
                    request.extraData(),
                    admitted);
            served.sessions().addResources(session, request.resourceIds());
            connection.send(Frame.response(requestId, answer(false, true, versionFor(session))));
            Coordinator coordinator = served.leadership().leading();
            if (coordinator != null) {
                coordinator.onResourcesAvailable(Set.copyOf(request.resourceIds()));
            }
        }
    }

    /**
     * Our clients are only ever connected to the leader. Seata's connect to all, and are told by the metadata which one to
     * ask.
     */
    private static Frame redirection(ServedGroup served, int requestId, Message.Response refusal) {
        return Frame.response(
                requestId, refusal, Sessions.leaderIs(served.leadership().leader()));
    }

    /** Seata's clients parse and compare what they are answered, so ours alone see anything but a version of Seata. */
    private static String versionFor(Session session) {
        return session.understandsEntente() ? EntenteExtension.ANSWERED_VERSION : EntenteExtension.PROTOCOL_VERSION;
    }

    private Session register(
            Connection connection,
            ServedGroup served,
            Session.Role role,
            String applicationId,
            String group,
            String version,
            String extraData,
            Admitted admitted) {
        if (connection.attachment() instanceof Session known) {
            known.admittedAgain(admitted);
            return known;
        }
        Session session = new Session(
                connection,
                served,
                role,
                applicationId,
                group,
                version,
                EntenteExtension.isAnnouncedIn(extraData),
                admitted);
        connection.attach(session);
        served.sessions().add(session);
        @Nullable String subject = connection.certificateSubject();
        log.info(
                "{} of {} ({}, {}) connected from {}{}",
                role,
                applicationId,
                group,
                session.understandsEntente() ? "Entente's client" : "Seata's client " + version,
                connection.remoteAddress(),
                subject == null ? "" : " with the certificate of " + subject);
        // Its token may have been taken out since it was looked at, before it was listed among those who have to go.
        served.sessions().closeUnless(session, gate::stillAdmits);
        return session;
    }

    /**
     * How a message was sent.
     *
     * @param requestId of its frame; {@link Asker#WITHOUT_ID} in a batch
     * @param answeredAlone whether a late answer delays no other
     * @param registration see {@link EntenteExtension#REGISTRATION}; 0 when the client does not say
     */
    private record Sent(int requestId, boolean answeredAlone, long registration) {}

    private void handle(Session session, Message message, Sent sent, Caller asker) {
        Caller caller = message instanceof Message.GlobalCommitRequest ? LostCommits.noticed(session, asker) : asker;
        Coordinator coordinator = session.served().leadership().leading();
        Message.Result refused = coordinator == null
                ? Refusal.notLeading(session.served().leadership().leader())
                : groups.refusal(session, message);
        if (coordinator != null && refused == null) {
            handle(coordinator, session, message, sent, caller);
            return;
        }
        Message.Response refusal = refused == null ? null : Refusal.of(message, refused);
        if (refusal != null) {
            caller.answer(refusal);
        }
    }

    private void handle(Coordinator coordinator, Session session, Message message, Sent sent, Caller caller) {
        if (message instanceof Message.BranchesAtWork atWork && session.understandsEntente()) {
            coordinator.onBranchesAtWork(session.connectionId(), atWork.branches());
        } else if (message instanceof Message.RowWaitWithdrawal withdrawal && session.understandsEntente()) {
            coordinator.withdraw(new Asker(session.connectionId(), withdrawal.requestId()));
        } else if (message instanceof Message.TransactionQuery query && session.understandsEntente()) {
            var unused = coordinator
                    .ask(view -> ProgressReport.of(query.xid(), view))
                    .whenComplete((answer, failure) -> {
                        if (answer != null) {
                            caller.answer(answer);
                        } else {
                            log.error("Could not tell how far {} is", query.xid(), failure);
                        }
                    });
        } else if (message instanceof Message.BranchCommitResponse answer) {
            coordinator.submit(new Command.BranchAnswered(
                    answer.xid(),
                    answer.branchId(),
                    answer.status(),
                    answer.result().message()));
        } else if (message instanceof Message.BranchRollbackResponse answer) {
            coordinator.submit(new Command.BranchAnswered(
                    answer.xid(),
                    answer.branchId(),
                    answer.status(),
                    answer.result().message()));
        } else {
            Command command = command(session, message, sent);
            if (command == null) {
                log.warn(
                        "{} sent {}, which is nothing to send to a coordinator; it is ignored",
                        session.clientId(),
                        message);
            } else {
                coordinator.submit(command, new Asker(session.connectionId(), sent.requestId()), caller);
            }
        }
    }

    private static long registration(Frame frame) {
        String text = frame.head().get(EntenteExtension.REGISTRATION);
        try {
            return text == null ? 0 : Long.parseUnsignedLong(text, 16);
        } catch (NumberFormatException e) {
            throw new MalformedFrameException(
                    "the head says that the registration is '" + text + "', which is no number");
        }
    }

    private @Nullable Command command(Session session, Message message, Sent sent) {
        if (message instanceof Message.GlobalBeginRequest m) {
            return new Command.Begin(
                    xidPrefix, session.applicationId(), session.group(), m.transactionName(), m.timeoutMillis());
        } else if (message instanceof Message.BranchRegisterRequest m) {
            return new Command.RegisterBranch(
                    m.xid(),
                    m.branchType(),
                    m.resourceId(),
                    session.clientId(),
                    m.lockKey(),
                    m.applicationData(),
                    patience(session, sent.answeredAlone(), m.applicationData()),
                    sent.registration());
        } else if (message instanceof Message.GlobalCommitRequest m) {
            return new Command.Commit(m.xid());
        } else if (message instanceof Message.GlobalRollbackRequest m) {
            return new Command.Rollback(m.xid());
        } else if (message instanceof Message.GlobalStatusRequest m) {
            return new Command.QueryStatus(m.xid());
        } else if (message instanceof Message.BranchReportRequest m) {
            return new Command.ReportBranch(m.xid(), m.branchId(), m.status(), m.applicationData());
        } else if (message instanceof Message.GlobalLockQueryRequest m) {
            return new Command.QueryLock(
                    m.xid(), m.resourceId(), m.lockKey(), patience(session, sent.answeredAlone(), m.applicationData()));
        } else if (message instanceof Message.ReadCheck m && session.understandsEntente()) {
            return new Command.CheckRead(
                    m.xid(),
                    m.resourceId(),
                    m.tables(),
                    m.lockKey(),
                    m.mark(),
                    patience(session, sent.answeredAlone(), m.applicationData()));
        } else if (message instanceof Message.GlobalReportRequest m) {
            return new Command.ReportEnd(m.xid(), m.status());
        }
        return null;
    }

    /**
     * How whoever asks for rows waits for them. Our clients say so. Of Seata's clients nobody knows how long they wait for an answer, so theirs
     * is a short time; and the oldest of them get the answers to a batch all at once, or not at all.
     */
    private LockPatience patience(Session session, boolean answeredAlone, String applicationData) {
        RowLockWait said = RowLockWait.in(applicationData);
        Holding holds = said.holdsLocalTransaction()
                ? Holding.LOCAL_TRANSACTION
                : said.holdsNothing() ? Holding.NOTHING : Holding.ATTEMPT;
        if (session.understandsEntente()) {
            return new LockPatience(Math.max(0, said.millis()), holds);
        }
        return new LockPatience(answeredAlone ? seataLockWaitMillis : 0, holds);
    }

    @Override
    public void closed(Connection connection) {
        if (connection.attachment() instanceof Session session
                && session.served().sessions().remove(connection) != null) {
            log.info("{} of {} disconnected", session.role(), session.clientId());
            Coordinator coordinator = session.served().leadership().leading();
            if (coordinator != null) {
                coordinator.onConnectionClosed(connection.id());
            }
        }
    }
}

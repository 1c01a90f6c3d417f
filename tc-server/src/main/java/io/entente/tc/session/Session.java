package io.entente.tc.session;

import io.entente.protocol.EntenteExtension;
import io.entente.protocol.Message;
import io.entente.protocol.ProtocolVersion;
import io.entente.protocol.codec.Frame;
import io.entente.protocol.transport.Connection;
import io.entente.tc.coordinator.ResourceManagers;
import io.entente.tc.security.ClientGate.Admitted;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A registered client on its connection. */
public final class Session implements ResourceManagers.Line {
    private final Connection connection;
    private final ServedGroup served;
    private final Role role;
    private final String applicationId;
    private final String group;
    private final ProtocolVersion version;
    private final boolean understandsEntente;
    private volatile Admitted admission;
    private final Set<String> resourceIds = ConcurrentHashMap.newKeySet();
    private final AtomicInteger requestIds = new AtomicInteger();

    /** What a client is on this connection. An application usually has one of each. */
    public enum Role {
        TM,
        RM
    }

    Session(
            Connection connection,
            ServedGroup served,
            Role role,
            String applicationId,
            String group,
            String version,
            boolean understandsEntente,
            Admitted admission) {
        this.connection = connection;
        this.served = served;
        this.role = role;
        this.applicationId = applicationId;
        this.group = group;
        this.version = ProtocolVersion.parse(version);
        this.understandsEntente = understandsEntente;
        this.admission = admission;
    }

    public Role role() {
        return role;
    }

    public String applicationId() {
        return applicationId;
    }

    /** The group of coordinators that this client belongs to. */
    ServedGroup served() {
        return served;
    }

    /** Its transaction service group. */
    public String group() {
        return group;
    }

    ProtocolVersion version() {
        return version;
    }

    /** Whether this client announced, when it first registered, that it knows {@link EntenteExtension}. */
    boolean understandsEntente() {
        return understandsEntente;
    }

    /** What let this client in, the last time it registered. */
    Admitted admission() {
        return admission;
    }

    void admittedAgain(Admitted newAdmission) {
        admission = newAdmission;
    }

    /** What this client can commit and roll back. */
    public Set<String> resourceIds() {
        return resourceIds;
    }

    public String host() {
        return connection.remoteAddress().getHostString();
    }

    /** Application, address and port: what a branch remembers of its resource manager. */
    public String clientId() {
        return applicationId + ":" + host() + ":" + connection.remoteAddress().getPort();
    }

    boolean isOpen() {
        return connection.isOpen();
    }

    Connection connection() {
        return connection;
    }

    @Override
    public long connectionId() {
        return connection.id();
    }

    @Override
    public void send(Message request) {
        connection.send(Frame.request(requestIds.incrementAndGet(), request));
    }
}

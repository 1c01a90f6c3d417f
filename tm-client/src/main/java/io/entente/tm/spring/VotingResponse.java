package io.entente.tm.spring;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;

/** Adds the participant's vote at the last moment before the headers may leave. */
final class VotingResponse extends HttpServletResponseWrapper {

    private final ParticipantVote vote;

    VotingResponse(HttpServletResponse response, ParticipantVote vote) {
        super(response);
        this.vote = vote;
    }

    private void cast() {
        vote.castInto((HttpServletResponse) getResponse());
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        vote.answered(getStatus());
        cast();
        return super.getOutputStream();
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        vote.answered(getStatus());
        cast();
        return super.getWriter();
    }

    @Override
    public void flushBuffer() throws IOException {
        vote.answered(getStatus());
        cast();
        super.flushBuffer();
    }

    @Override
    public void sendError(int status) throws IOException {
        vote.answered(status);
        cast();
        super.sendError(status);
    }

    @Override
    public void sendError(int status, String message) throws IOException {
        vote.answered(status);
        cast();
        super.sendError(status, message);
    }

    @Override
    public void sendRedirect(String location) throws IOException {
        cast();
        super.sendRedirect(location);
    }

    /** A reset takes the headers away, but not what has happened. */
    @Override
    public void reset() {
        super.reset();
        cast();
    }
}

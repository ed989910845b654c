package io.nodedb.server.resp;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.plan.kv.command.Reply;
import org.jspecify.annotations.Nullable;

/** Waits, on the lane's thread, for one core's part of what a client asked. */
interface PartAnswer {
    /** The part; its content is read now and not kept. */
    void answered(Reply part);

    /** There is none. */
    void failed(ErrorCode code, @Nullable String message);
}

"""What becomes of a message from a page whose session has ended meanwhile."""

from __future__ import annotations

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState


def plain_run(message: bytes) -> bytes:
    """A request to run the whole application anew, whatever ``message`` asked for.

    The application then finds no account and shows the door. Nothing else of the message is kept: a part
    of a page would run without that question, and a pressed button's callback before it.
    """
    asked, run = BackMsg(), ClientState()
    try:
        asked.ParseFromString(message)
    except Exception:  # the decoder's own kind of error differs between its implementations
        asked = BackMsg()
    run.query_string = asked.rerun_script.query_string
    run.page_script_hash = asked.rerun_script.page_script_hash
    return bytes(BackMsg(rerun_script=run).SerializeToString())

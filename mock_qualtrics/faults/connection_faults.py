"""Faults of the connection: it is reset, cut, slowed down, never or first otherwise answered.

They need ``serve --wire-faults``, and wait in real time even when the tenant's clock is virtual.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mock_qualtrics.faults.effects import (
    ConnectionFault,
    FaultEffect,
    acting,
    registered,
    unanswered,
)


@registered("hang", finds="waiting for ever", breaks_connection=True, refuses=True)
def hang(_: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Read the call and never answer it; the connection stays open until the caller closes it.

    Finds connectors that have no timeout. No run is started, so a retry is no duplicate.
    """
    return unanswered("hang", ConnectionFault.HANG, effect)


@registered(
    "reset-before-read",
    finds="giving up after a reset",
    breaks_connection=True,
    refuses=True,
    before_body=True,
)
def reset_before_read(_: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Reset the connection after the headers, before the body is read and the gate's checks.

    When the fault's condition depends on the body, the reset comes after the body is read. Finds
    connectors that take a reset for a final failure. No run is started, so a retry is no duplicate.
    """
    return unanswered("reset-before-read", ConnectionFault.RESET, effect)


@registered("reset-after-journal", finds="duplicates after a lost answer", breaks_connection=True)
def reset_after_journal(_: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Accept and journal the call, then reset the connection instead of answering.

    Finds connectors that send an accepted message again. The second call is a duplicate, and the
    totals count it.
    """
    return acting(ConnectionFault.RESET, replace(effect, unanswered=True))


@registered("truncate", finds="trusting a status whose body never came", breaks_connection=True)
def truncate(_: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Send the head and half of the body, then close.

    Finds connectors that take a call as delivered, or as failed, without reading the whole answer.
    """
    return acting(ConnectionFault.TRUNCATE, effect)


@registered("dribble", finds="a timeout that every byte renews", breaks_connection=True)
def dribble(_: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Send the whole answer, one byte at a time.

    Finds connectors whose timeout restarts with every byte.
    """
    return acting(ConnectionFault.DRIBBLE, effect)


@registered("wrong-length", finds="waiting for bytes that never come", breaks_connection=True)
def wrong_length(_: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Announce a longer body than is sent, then close.

    Finds connectors that wait for bytes that never come, or reuse a broken connection.
    """
    return acting(ConnectionFault.WRONG_LENGTH, effect)


@registered("interim", finds="taking an interim answer for the answer", breaks_connection=True)
def interim(settings: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Send an interim answer, 102 or 103, and then the usual one.

    Finds connectors whose HTTP library takes the first status line for the answer. A caller that
    speaks HTTP/1.0 gets no interim answer (RFC 9110, section 15.2).
    """
    return acting(_INTERIM[settings.get("status", 102)], effect)


_INTERIM = {102: ConnectionFault.PROCESSING, 103: ConnectionFault.EARLY_HINTS}

"""Faults of the connection: it is reset, cut, slowed down, or never answered.

They need ``serve --wire-faults``, and wait in real time whatever the tenant's clock says.
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
    """Read the call and never answer it, until the caller gives up.

    It finds connectors that wait for ever. Nothing is started, so a retry is no duplicate.
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
    """Reset the connection after the headers, before the body is read; the gate is not asked.

    Where the choice depends on the body, the reset comes once the body has been read. It finds
    connectors that take a reset for a final failure. Nothing is started, so a retry is no
    duplicate.
    """
    return unanswered("reset-before-read", ConnectionFault.RESET, effect)


@registered("reset-after-journal", finds="duplicates after a lost answer", breaks_connection=True)
def reset_after_journal(_: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Accept and journal the call, then reset the connection instead of answering.

    It finds connectors that send again what was accepted: the second run is a duplicate, and the
    totals count it.
    """
    return acting(ConnectionFault.RESET, replace(effect, unanswered=True))


@registered("truncate", finds="trusting a status whose body never came", breaks_connection=True)
def truncate(_: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Send the head and half of the body, then close.

    It finds connectors that count a call as delivered, or as failed, without having read its
    answer.
    """
    return acting(ConnectionFault.TRUNCATE, effect)


@registered("dribble", finds="a timeout that every byte renews", breaks_connection=True)
def dribble(_: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Send the whole answer, one byte at a time.

    It finds connectors whose timeout starts anew with every byte.
    """
    return acting(ConnectionFault.DRIBBLE, effect)


@registered("wrong-length", finds="waiting for bytes that never come", breaks_connection=True)
def wrong_length(_: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Promise more bytes than are sent, then close.

    It finds connectors that wait for bytes that never come, or reuse a connection they cannot
    trust.
    """
    return acting(ConnectionFault.WRONG_LENGTH, effect)

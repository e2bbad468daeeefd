"""How fast a busy server takes in those who connect."""

import asyncio
import contextlib
import socket

import pytest

from mock_qualtrics.server.listeners import ACCEPTED_AT_ONCE, Listeners

CALLERS = 3 * ACCEPTED_AT_ONCE


def test_a_few_turns_of_the_event_loop_accept_many_callers():
    uvloop = pytest.importorskip("uvloop")
    listeners = Listeners("127.0.0.1", 0)
    accepted = []

    class Accepted(asyncio.Protocol):
        def connection_made(self, transport) -> None:
            accepted.append(transport)

    async def turns_until_all_are_accepted() -> int:
        loop = asyncio.get_running_loop()
        servers = [await loop.create_server(Accepted, sock=one) for one in listeners.sockets]
        address, turns = ("127.0.0.1", listeners.port), 0
        with contextlib.ExitStack() as stack:
            for _ in range(CALLERS):  # complete before the loop has accepted any of them
                stack.enter_context(socket.create_connection(address))
            while len(accepted) < CALLERS:
                await asyncio.sleep(0)
                turns += 1
            for open_one in (*servers, *accepted):
                open_one.close()
        return turns

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(turns_until_all_are_accepted()) < CALLERS / 2

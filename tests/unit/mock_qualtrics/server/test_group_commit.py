"""One commit for all who wait for it, whatever becomes of one of them."""

import asyncio

from mock_qualtrics.server.group_commit import GroupCommit


class Books:
    """What is committed to; it may refuse."""

    def __init__(self, error: Exception | None = None) -> None:
        self.commits = 0
        self._error = error

    def commit(self) -> None:
        self.commits += 1
        if self._error is not None:
            raise self._error


def test_who_left_does_not_keep_the_others_from_being_told():
    books = Books()

    async def turn() -> None:
        shared = GroupCommit(books)
        gone, stays = shared.done(), shared.done()
        gone.cancel()
        await asyncio.wait_for(stays, 60)

    asyncio.run(turn())
    assert books.commits == 1


def test_all_are_told_of_a_commit_that_failed():
    async def turn() -> list[object]:
        shared = GroupCommit(Books(OSError("full")))
        return await asyncio.gather(shared.done(), shared.done(), return_exceptions=True)

    assert [str(error) for error in asyncio.run(turn())] == ["full", "full"]


def test_nobody_waits_and_nothing_is_committed():
    books = Books()
    GroupCommit(books).now()
    assert books.commits == 0


def test_a_commit_at_once_is_not_made_again_at_the_end_of_the_turn():
    books = Books()

    async def turn() -> None:
        shared = GroupCommit(books)
        waiting = shared.done()
        shared.now()
        await waiting
        await asyncio.sleep(0)

    asyncio.run(turn())
    assert books.commits == 1

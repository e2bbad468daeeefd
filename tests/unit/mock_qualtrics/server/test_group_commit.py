"""One commit for all who wait for it, whatever becomes of one of them."""

import asyncio
from collections.abc import Set

from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.server.group_commit import GroupCommit


class Books:
    """What is committed to; it may refuse."""

    def __init__(self, error: Exception | None = None, set_aside: Set[int] = frozenset()) -> None:
        self.commits = 0
        self._error = error
        self._set_aside = set_aside

    def commit(self) -> Set[int]:
        self.commits += 1
        if self._error is not None:
            raise self._error
        return self._set_aside


def test_who_left_does_not_keep_the_others_from_being_told():
    books = Books()

    async def turn() -> None:
        shared = GroupCommit(books)
        gone, stays = shared.done(1), shared.done(2)
        gone.cancel()
        await asyncio.wait_for(stays, 60)

    asyncio.run(turn())
    assert books.commits == 1


def test_all_are_told_of_a_commit_that_failed():
    async def turn() -> list[object]:
        shared = GroupCommit(Books(OSError("full")))
        return await asyncio.gather(shared.done(1), shared.done(2), return_exceptions=True)

    assert [str(error) for error in asyncio.run(turn())] == ["full", "full"]


def test_nobody_waits_and_nothing_is_committed():
    books = Books()
    GroupCommit(books).now()
    assert books.commits == 0


def test_a_commit_at_once_is_not_made_again_at_the_end_of_the_turn():
    books = Books()

    async def turn() -> None:
        shared = GroupCommit(books)
        waiting = shared.done(1)
        shared.now()
        await waiting
        await asyncio.sleep(0)

    asyncio.run(turn())
    assert books.commits == 1


def test_only_the_caller_of_a_call_that_was_set_aside_is_told_so():
    async def turn() -> list[object]:
        shared = GroupCommit(Books(set_aside={2}))
        waiting = [shared.done(number) for number in (1, 2, 3)]
        return await asyncio.gather(*waiting, return_exceptions=True)

    first, second, third = asyncio.run(turn())
    assert (first, third) == (None, None)
    assert isinstance(second, StoreFailedError)


def test_who_hands_in_how_a_turn_ends_needs_no_event_loop():
    books, ends, told = Books(), [], []
    shared = GroupCommit(books, at_turn_end=ends.append)
    shared.then(told.append, 1)
    shared.then(told.append, 2)
    (commit,) = ends
    assert (books.commits, told) == (0, [])
    commit()
    assert (books.commits, told) == (1, [None, None])

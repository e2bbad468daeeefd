"""How a run hangs on Locust's events: in one process, in a master, or in a worker."""

import sys
from typing import Any, NoReturn

import gevent
import greenlet
from locust.env import Environment
from locust.runners import MasterRunner, WorkerRunner

from loadtests.running.interrupting import on_interrupt
from loadtests.running.one_after_another import NO_VERDICT, WRONG_USAGE, Runs
from loadtests.running.options.declarations import add_options
from loadtests.running.options.endpoint import endpoint_of
from loadtests.running.options.run_options import OptionsError, options_of
from loadtests.running.preflight import looked_up
from loadtests.running.sending.locust_side import LocustSide, Role
from loadtests.running.sending.sending_side import BEGIN, HALT, Sending
from loadtests.running.sending.user import ExportingUser


def register(events: Any) -> None:  # noqa: ANN401  Locust's events have no annotations
    """Hang runs on Locust's events."""
    events.init_command_line_parser.add_listener(lambda parser, **_: add_options(parser))
    events.init.add_listener(_init)


def _init(environment: Environment, **_: Any) -> None:  # noqa: ANN401  Locust's
    side = _side_of(environment)
    try:
        if not side.is_master:
            _send_what_is_asked(side)
        if not side.is_worker:
            _coordinate(side)
    except OptionsError as error:
        _refuse(str(error))


def _side_of(environment: Environment) -> LocustSide:
    runner = environment.runner
    role: Role = "alone"
    if isinstance(runner, MasterRunner):
        role = "master"
    if isinstance(runner, WorkerRunner):
        role = "worker"
    return LocustSide(environment, runner, environment.events, role)


def _send_what_is_asked(side: LocustSide) -> None:
    endpoint_of(options_of(side.options).policy)
    sending = ExportingUser.sending = Sending(side)
    side.runner.register_message(BEGIN, sending.begin)
    side.runner.register_message(HALT, sending.halt)
    side.events.test_stop.add_listener(lambda **_: sending.forget())
    if side.is_worker:
        side.environment.process_exit_code = 0  # the master judges
        side.events.quitting.add_listener(lambda **_: sending.close())
        on_interrupt(side.runner.quit)


def _coordinate(side: LocustSide) -> None:
    if side.environment.host:
        raise OptionsError("--host: found an address, expected it in QUALTRICS_URL alone")
    target = looked_up(options_of(side.options))
    side.environment.host = target.host
    runs = Runs(side, target)
    runs.listen()
    main = greenlet.getcurrent()
    on_interrupt(lambda: None if runs.interrupt() else gevent.kill(main, KeyboardInterrupt()))
    if side.is_master and (side.is_headless or side.options.autostart):
        _give_up_without_workers(side, main)


def _give_up_without_workers(side: LocustSide, main: greenlet.greenlet) -> None:
    """End with a sentence when the expected workers do not come; Locust itself would end with 1."""
    expected, seconds = side.options.expect_workers, side.options.expect_workers_max_wait
    side.options.expect_workers_max_wait = 0

    def wait() -> None:
        gevent.sleep(seconds)
        came = len(side.runner.clients.all)
        if side.runner.state == "ready" and came < expected:
            _say(
                f"{came} of {expected} workers came within {seconds} seconds: start them with "
                "--worker and --master-host, or see --expect-workers-max-wait"
            )
            side.runner.quit()
            gevent.kill(main, SystemExit(NO_VERDICT))

    if seconds:
        gevent.spawn(wait)


def _refuse(reason: str) -> NoReturn:
    _say(reason)
    sys.exit(WRONG_USAGE)


def _say(text: str) -> None:
    sys.stderr.write(f"error: {text}\n")

"""The `ie` command: `ie.commands` has its parts."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence

from ie.commands import audit, diff, export, schema, show, tag
from ie.commands.messages import DONE, complain
from ie.errors import IEError
from ie.process import ONE_THREAD

COMMANDS = (tag, show, audit, diff, export, schema)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 all was done, 1 some input failed, 2 the call is wrong, 130 stopped by Ctrl-C."""
    options = _parser().parse_args(arguments)
    for name, value in ONE_THREAD.items():
        os.environ.setdefault(name, value)
    try:
        return options.run(options)  # type: ignore[no-any-return]
    except IEError as error:
        return complain(str(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        complain("stopped")
        return 128 + signal.SIGINT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ie", description="Turn Vietnamese municipal reports into linked facts.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return parser

"""Reading a partner's file from a process that must not suffer from it: a child does it, within limits."""

import json
import os
import select
import struct
import subprocess
import sys
import time
from contextlib import contextmanager

from .limits import Limits
from .problems import FileError
from .profile import Profile
from .worker import BOOK, END, FAILED, FRAME, REFUSED, ROWS

WORKER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "worker.py")
BLOCK = 1 << 16
LARGEST_FRAME = 256 << 20


def look_at(content, profile, known=None, choices=None, limits=None):
    """Return how the file would be read and its first rows, as :func:`reading.look`.

    :raises FileError: for a file that cannot be read; codes ``too_much_memory`` and ``too_long`` where it ended the
        process that read it
    """
    limits = limits or Limits()
    task = {"task": "look", "known": known or {}, "choices": choices or {}}
    with _child(content, profile, task, limits) as frames:
        for kind, value in frames:
            if kind == BOOK:
                return value
    raise FileError("gave_up")


def read_rows(content, profile, readings, currency=None, digits=0, skip=0, limits=None):
    """Yield lists of rows, as :func:`rows.rows` has them.

    :param int skip: how many of the first rows are had already; sums count them too
    :raises FileError: as :func:`look_at`
    """
    limits = limits or Limits()
    task = {"task": "rows", "readings": readings, "currency": currency, "digits": digits, "skip": skip}
    with _child(content, profile, task, limits) as frames:
        for kind, value in frames:
            if kind == ROWS:
                yield value
            if kind == END:
                return
    raise FileError("gave_up")


def read_cells(content, limits=None):
    """Yield lists of rows, as :func:`reading.cells_of` has them.

    :raises FileError: as :func:`look_at`
    """
    with _child(content, Profile(()), {"task": "cells", "skip": 0}, limits or Limits()) as frames:
        for kind, value in frames:
            if kind == ROWS:
                yield value
            if kind == END:
                return
    raise FileError("gave_up")


@contextmanager
def _child(content, profile, task, limits):
    if len(content) > limits.file_bytes:
        raise FileError("too_big", megabytes=limits.file_bytes >> 20)
    request = {**task, "profile": profile.as_data(), "limits": list(limits), "path": sys.path}
    head = json.dumps(request).encode()
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", WORKER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        close_fds=True,
        env={},
    )
    try:
        _give(process, struct.pack(">I", len(head)) + head, content)
        yield _frames(process, limits)
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def _give(process, head, content):
    """The child reads all of it before it says anything."""
    try:
        with process.stdin as stream:
            stream.write(head)
            stream.write(content)
    except BrokenPipeError:
        # It ended before: its frames say why, or that there are none.
        return


def _frames(process, limits):
    """Yield ``(kind, value)``; only the time that is spent waiting for the child counts."""
    wait = _Patience(process.stdout.fileno(), limits.seconds)
    while True:
        head = wait.take(FRAME.size)
        if len(head) < FRAME.size:
            raise _ended(process)
        size, kind = FRAME.unpack(head)
        if size > LARGEST_FRAME:
            raise FileError("gave_up")
        data = wait.take(size)
        if len(data) < size:
            raise _ended(process)
        value = json.loads(data)
        if kind == REFUSED:
            raise FileError(value[0], **value[1])
        if kind == FAILED:
            raise RuntimeError(value)
        yield kind, value


def _ended(process):
    """Why the child ended without a word."""
    code = process.wait()
    # Told to end by its limit of time, the same as one that made the server wait.
    return FileError("too_long" if code == -24 else "too_much_memory" if code else "gave_up")


class _Patience:
    """Reads what the child says, for so many seconds of waiting in all."""

    def __init__(self, descriptor, seconds):
        self.descriptor, self.left = descriptor, seconds

    def take(self, size):
        """Return `size` bytes; fewer only where the child says no more."""
        parts, missing = [], size
        while missing:
            begin = time.monotonic()
            ready, _w, _x = select.select([self.descriptor], [], [], max(self.left, 0))
            self.left -= time.monotonic() - begin
            if not ready:
                raise FileError("too_long")
            block = os.read(self.descriptor, min(missing, BLOCK))
            if not block:
                break
            parts.append(block)
            missing -= len(block)
        return b"".join(parts)

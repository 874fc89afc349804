"""The process that reads: what it is given comes on its standard input, what it finds goes out in frames.

A file that makes its parser take all memory or all time ends this process, and nothing else. It is started with this
file's path, knows nothing of the server, and has no access to anything but the bytes that it was given.
"""

import importlib.util
import json
import os
import struct
import sys
import traceback
from itertools import islice

FRAME = struct.Struct(">IB")
# What a frame holds: how the file would be read, some rows, the end of them, why it cannot be read,
# or what is wrong with this program.
BOOK, ROWS, END, REFUSED, FAILED = range(5)
CHUNK_ROWS = 500
PACKAGE = "statement_reader"


def limit_resources(memory, seconds):
    try:
        import resource
    except ImportError:
        # Not on Windows; the server's own time limit holds there.
        return
    # The server may have a lower limit already.
    for kind, value in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
        _soft, hard = resource.getrlimit(kind)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, hard))


def load_package():
    """Import this file's package by its place, so that the server's own modules are not."""
    home = os.path.dirname(os.path.abspath(__file__))
    place = os.path.join(home, "__init__.py")
    spec = importlib.util.spec_from_file_location(PACKAGE, place, submodule_search_locations=[home])
    sys.modules[PACKAGE] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)


def send(output, kind, value):
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":"), check_circular=False).encode(
        "utf-8", "surrogatepass"
    )
    output.write(FRAME.pack(len(data), kind))
    output.write(data)


def send_rows(output, found):
    while chunk := list(islice(found, CHUNK_ROWS)):
        send(output, ROWS, chunk)
    send(output, END, None)


def work(request, content, output):
    from statement_reader.limits import Limits
    from statement_reader.problems import FileError
    from statement_reader.profile import Profile
    from statement_reader.reading import cells_of, look
    from statement_reader.rows import rows

    limits, profile = Limits(*request["limits"]), Profile.from_data(request["profile"])
    try:
        if request["task"] == "look":
            return send(output, BOOK, look(content, profile, request["known"], request["choices"], limits))
        if request["task"] == "cells":
            found = cells_of(content, limits)
        else:
            found = rows(content, profile, request["readings"], request["currency"], request["digits"], limits)
        send_rows(output, islice(found, request["skip"], None))
    except FileError as error:
        send(output, REFUSED, [error.code, error.values])
    except MemoryError:
        send(output, REFUSED, ["too_much_memory", {}])
    except BrokenPipeError:
        raise
    except Exception:
        send(output, FAILED, traceback.format_exc())


def run():
    size = struct.unpack(">I", sys.stdin.buffer.read(4))[0]
    request = json.loads(sys.stdin.buffer.read(size))
    content = sys.stdin.buffer.read()
    sys.path[:] = request["path"]
    load_package()
    limits = request["limits"]
    limit_resources(*limits[-2:])
    work(request, content, sys.stdout.buffer)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    try:
        run()
    except BrokenPipeError:
        # The server reads no more: it has what it wanted, or is gone.
        os._exit(0)

"""Tasks that run side by side, each as soon as what it needs is done."""

import os
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from common import SetupError, say, stop_processes


def cores():
    """How many this process may use, or as many as JOBS says."""
    text = os.environ.get("JOBS") or str(len(os.sched_getaffinity(0)))
    if not text.isdecimal() or int(text) < 1:
        raise SetupError(f"JOBS is {text}: choose how many parts run side by side, such as JOBS=2.")
    return int(text)


class Plan:
    """Functions that return whether all was well, by name; those that were added first go first."""

    def __init__(self):
        self._tasks = {}

    def add(self, name, function, *needs):
        """:param needs: names of the tasks that have to be done, and well, before this one begins"""
        self._tasks[name] = (function, needs)

    def run(self, jobs):
        """Run all tasks, `jobs` at a time; return whether all were well."""
        results, running = {}, {}
        with ThreadPoolExecutor(jobs) as pool:
            try:
                while len(results) < len(self._tasks):
                    self._give_up(results)
                    for name in self._ready(results, running)[: jobs - len(running)]:
                        running[pool.submit(self._tasks[name][0])] = name
                    done, _others = wait(running, return_when=FIRST_COMPLETED)
                    for future in done:
                        name = running.pop(future)
                        results[name] = self._result(name, future)
            except BaseException:
                stop_processes()
                raise
        return all(results.values())

    def _ready(self, results, running):
        return [
            name
            for name, (_function, needs) in self._tasks.items()
            if name not in results and name not in running.values() and all(results.get(need) for need in needs)
        ]

    def _give_up(self, results):
        """Tasks that need one which went wrong do not run, and that is said."""
        for name, (_function, needs) in self._tasks.items():
            if name not in results and any(results.get(need) is False for need in needs):
                say(f"  ✗ {name}: not run")
                results[name] = False

    @staticmethod
    def _result(name, future):
        try:
            return future.result()
        except SetupError as error:
            say(f"  ✗ {name}: {error}")
            return False

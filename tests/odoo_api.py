"""Odoo's JSON-2 interface, as a program of a customer's or of a colleague's would use it."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import requests

TECHNICAL = re.compile(r"Traceback|psycopg2|odoo\.|<class|0x[0-9a-f]{6}|object at|Error\b:|\bFalse\b|\bNone\b")


class Refused(Exception):
    """What the server answered instead of a result."""

    def __init__(self, status, name, message):
        super().__init__(f"{status} {name}: {message}")
        self.status = status
        self.name = name
        self.message = message


class Api:
    """Calls in the name of the owner of an API key."""

    def __init__(self, url, key):
        self.url = url
        self._headers = {"Authorization": f"bearer {key}"}

    def call(self, model, method, ids=(), context=None, **arguments):
        """Return the result of `method`.

        :raises Refused: when the server answered with anything but success
        """
        body = {**arguments, "ids": list(ids), "context": context or {}}
        response = requests.post(f"{self.url}/json/2/{model}/{method}", json=body, headers=self._headers, timeout=120)
        answer = response.json()
        if not response.ok:
            raise Refused(response.status_code, answer["name"], answer["message"])
        return answer

    def read(self, model, ids, *fields):
        """Return the records `ids` as dicts; of a single one, its dict."""
        ids = [ids] if isinstance(ids, int) else list(ids)
        rows = self.call(model, "read", ids, fields=list(fields), load="")
        return rows[0] if len(ids) == 1 else rows

    def search(self, model, *domain, fields=("id",), **options):
        return self.call(model, "search_read", domain=list(domain), fields=list(fields), load="", **options)

    def create(self, model, **values):
        return self.call(model, "create", vals_list=[values])[0]

    def write(self, model, ids, **values):
        return self.call(model, "write", [ids] if isinstance(ids, int) else ids, vals=values)


def refusal(call, *arguments, **keywords):
    """Return the sentence with which the server refuses the call; fail when it does not refuse."""
    try:
        result = call(*arguments, **keywords)
    except Refused as refused:
        assert_sentence(refused)
        return refused.message
    raise AssertionError(f"It was not refused: {arguments} {keywords} gave {result!r}")


def assert_sentence(refused):
    """A person can read it: no server failure, no technical text."""
    assert 400 <= refused.status < 500, f"The server failed: {refused}"
    assert refused.message.strip(), f"It does not say why: {refused}"
    assert not TECHNICAL.search(refused.message), f"That is no sentence for a person: {refused}"


def at_the_same_moment(*calls):
    """Run the calls in threads that start together; return their results, refusals among them."""
    barrier = threading.Barrier(len(calls))

    def run(call):
        barrier.wait()
        try:
            return call()
        except Refused as refused:
            assert_sentence(refused)
            return refused

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))

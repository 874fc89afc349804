"""A process of Odoo on one database that does what the bench tells it, and says what it cost.

Commands and answers are JSON, one per line. Every measured operation is flushed, as Odoo does before it commits,
and then rolled back: the next one finds the same database. What can be told are the operations of all subjects.
"""

import json
import os
import sys
import traceback

from odoo.service import server
from odoo.tools import config

from bench import subjects
from bench.operations import Operations


def serve(database, *options):
    """Answer commands until there are no more.

    :param options: others that Odoo shall have
    """
    # Whatever Odoo prints goes to the log, not among the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    config.parse_config(["-d", database, "--no-http", "--max-cron-threads=0", *options], setup_logging=True)
    server.start(preload=[], stop=True)
    worker = type("Worker", (*subjects.operations(), Operations), {})(database)
    for line in sys.stdin:
        name, arguments = json.loads(line)
        try:
            answer = {"result": getattr(worker, name)(**arguments)}
        except Exception as error:
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    serve(*sys.argv[1:])

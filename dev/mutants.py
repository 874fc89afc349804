"""Do the tests notice? A seeded sample of plausible mistakes, each put in alone, against its feature's tests.

mutmut and cosmic-ray start a test runner of their own for each mistake; ours have to run inside Odoo, on a
database with the addons installed, and half of what decides stands in record rules. So it is done here: mistakes
in Python go into a fork of an Odoo that has the addons loaded (`mutants_server.py`), mistakes in record rules and
access rights into a clone of the database, and only those tests run that come by the function concerned.

MUTANTS= the size of the sample, SEED= another one, FEATURE= some features only (comma-separated).
"""

import ast
import copy
import csv
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import Queue

from common import ENV, LOGS, PYTHON, ROOT, SetupError, addons, addons_path, main, odoo_home, say
from databases import addons_digest, clone, depends_of, drop, run_logged_odoo, template
from demo import free_port
from odoo_cli import run_odoo, write_configuration
from postgres import execute, postgres
from run_tests import Run

WANTED = 0.95
WORK = ENV / "mutants"
BASE = "sd_mutants"
# Tests of a feature are those whose file begins with its name; besides or instead of them:
TESTS = {
    "clock": ["working_day_clock"],
    "approval": ["approval", "terms"],
    "quote_signoff": ["quote", "system_origin", "customer_choice"],
    "changes": ["working_day_clock", "department_leave"],
    "refusal": ["shared_configuration"],
    "order_gate": ["order_gate", "quote_bypass", "customer_file_bypass", "agreement_bypass", "order_review_bypass"],
    "order_dates": ["order_dates", "order_review", "rush_request"],
    "resource_calendar_workday": ["working_day_clock"],
    "access": ["right_matrix"],
    "carrier": ["waybill"],
    "partner_file": ["freight_statement"],
    "kpi_sources": ["kpi_source", "kpi_random"],
    "versions": ["target", "stock_ageing"],
    "portal_link": ["customer_statement_portal", "customer_issue_portal"],
}
# What is tried of every feature that has it, each in one file.
SHARED = "shared"
TESTS_OF_ALL = [
    "bounds",
    "company_amounts",
    "company_days",
    "document_ends",
    "proof",
    "register",
    "shared_configuration",
    "stored_results",
]
# What is tried of every record rule besides, wherever it stands.
TESTS_OF_RULES = [".test_other_companies"]
# Tests of neighbours, which this database has not; and the one that writes each field there is, one after the other,
# which takes as long as all the others and would run against most mistakes.
LEFT_OUT = ["-sales_dept_wide", "-/sales_dept_roles:TestQuoteTermsDifferential"]
NEGATED = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
OPERATORS = {
    "=": "!=",
    "!=": "=",
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "in": "not in",
    "not in": "in",
    "any": "not any",
    "child_of": "=",
    "parent_of": "=",
}
# The same in SQL. Keys of joins stay: with other ones there is nothing to be seen at all.
SQL_MISTAKES = [
    (re.compile(pattern), other)
    for pattern, other in (
        (r"(?<=\s)<=(?=\s)", "<"),
        (r"(?<=\s)>=(?=\s)", ">"),
        (r"(?<=\s)<(?=\s)", "<="),
        (r"(?<=\s)>(?=\s)", ">="),
        (r"(?<=\s)=(?= ')", "!="),
        (r"\bIS NOT NULL\b", "IS NULL"),
        (r"\bIS NULL\b", "IS NOT NULL"),
        (r"\bIS NOT DISTINCT FROM\b", "IS DISTINCT FROM"),
        (r"\bIS DISTINCT FROM\b", "IS NOT DISTINCT FROM"),
        (r"\bNOT EXISTS\b", "EXISTS"),
        (r"(?<!NOT )\bEXISTS\b", "NOT EXISTS"),
        (r"\bNOT IN\b", "IN"),
        (r"(?<!NOT )\bIN(?= \()", "NOT IN"),
        (r"\bAND\b", "OR"),
        (r"\bOR\b", "AND"),
        (r"\bLEFT JOIN\b", "JOIN"),
        (r"\bDISTINCT (?=[\w(])", ""),
        (r"\bAND NOT\b", "AND"),
        (r"\bmin\(", "max("),
        (r"\bmax\(", "min("),
    )
]
# Calls that refuse.
GUARD = re.compile(r"_?(check|refuse|raise|assert|validate|ensure_(?!one))")
FAILURE = re.compile(r"^\S+ \S+ \d+ (?:ERROR|CRITICAL) ")


@dataclass(frozen=True)
class Mutant:
    """One mistake.

    In Python `path` is the file and `span` what is replaced there by `after` (first and last byte), `function` is
    where it stands: (path, line it begins at), and `name` what that is called. In a record rule or access right
    `cell` is what becomes `after` in the database: (table, column, module, xml id). `shown` is said in place of both,
    where they are long.
    """

    feature: str
    path: str
    line: int
    before: str
    after: str
    span: tuple = ()
    function: tuple = ()
    name: str = ""
    cell: tuple = ()
    shown: tuple = ()

    def __str__(self):
        return f"{self.path}:{self.line}: {self._what}"

    @property
    def key(self):
        """What stays the same when lines above it come and go."""
        return f"{self.path}: {self._what}"

    @property
    def _what(self):
        place = f"{self.name}: " if self.name else ""
        before, after = self.shown or (self.before, self.after)
        return f"{place}{_short(before)} → {_short(after)}"


def _short(text):
    text = " ".join(text.split())
    return text if len(text) <= 90 else f"{text[:87]}…"


# === MISTAKES IN PYTHON === #


class Mistakes(ast.NodeVisitor):
    """Collects what could be wrong in the functions of one file.

    As (function, node, text that replaces it, what is said in place of both texts or nothing).
    """

    def __init__(self):
        self.found = []
        self.function = None

    def visit_FunctionDef(self, node):
        outer, self.function = self.function, self.function or node
        for statement in node.body:
            self.visit(statement)
        self.function = outer

    def _add(self, node, text):
        if self.function is not None:
            self.found.append((self.function, node, text, ()))

    def _replaced(self, node, **values):
        other = copy.deepcopy(node)
        for name, value in values.items():
            setattr(other, name, value)
        self._add(node, f"({ast.unparse(ast.fix_missing_locations(other))})")

    def visit_Compare(self, node):
        if len(node.ops) == 1 and type(node.ops[0]) in NEGATED:
            self._replaced(node, ops=[NEGATED[type(node.ops[0])]()])
        self.generic_visit(node)

    def visit_BoolOp(self, node):
        # "name or ''" is a default, no condition.
        default = isinstance(node.op, ast.Or) and isinstance(node.values[-1], ast.Constant | ast.List | ast.Dict)
        for index in range(0 if default else len(node.values)):
            rest = node.values[:index] + node.values[index + 1 :]
            if len(rest) == 1:
                self._add(node, f"({ast.unparse(rest[0])})")
            else:
                self._replaced(node, values=rest)
        self.generic_visit(node)

    def visit_UnaryOp(self, node):
        if isinstance(node.op, ast.Not) and not _is_self(node.operand):
            self._add(node, f"bool({ast.unparse(node.operand)})")
        self.generic_visit(node)

    def visit_If(self, node):
        if _is_self(node.test) or (isinstance(node.test, ast.UnaryOp) and _is_self(node.test.operand)):
            # With no records there is nothing to decide.
            return self.generic_visit(node)
        # A guard that is not there.
        if len(node.body) == 1 and isinstance(node.body[0], ast.Raise | ast.Return | ast.Continue) and not node.orelse:
            self._add(node.test, "False")
        elif isinstance(node.test, ast.Name | ast.Attribute | ast.Call | ast.NamedExpr):
            self._add(node.test, f"not ({ast.unparse(node.test)})")
        self.generic_visit(node)

    def visit_IfExp(self, node):
        self._replaced(node, body=node.orelse, orelse=node.body)
        self.generic_visit(node)

    def visit_Expr(self, node):
        call = node.value
        # A check that is not made.
        if isinstance(call, ast.Call):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if GUARD.match(name):
                self._add(node, "pass")
        self.generic_visit(node)

    def visit_Return(self, node):
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, bool):
            self._add(node.value, str(not node.value.value))
        self.generic_visit(node)

    def visit_comprehension(self, node):
        for condition in node.ifs:
            self._add(condition, "True")
        self.generic_visit(node)

    def visit_Tuple(self, node):
        if other := _other_leaf(node):
            self._add(node, other)
        self.generic_visit(node)

    def visit_Call(self, node):
        function = node.func
        if isinstance(function, ast.Attribute):
            if function.attr in ("sudo", "with_company", "with_user", "with_context", "filtered", "filtered_domain"):
                self._add(node, ast.unparse(function.value))
            elif function.attr in ("any", "all") or function.attr in ("timedelta", "relativedelta"):
                self._one_more(node)
        elif isinstance(function, ast.Name):
            if function.id in ("any", "all"):
                other = "all" if function.id == "any" else "any"
                self._add(function, other)
            elif function.id in ("timedelta", "relativedelta"):
                self._one_more(node)
            elif function.id == "Domain" and len(node.args) == 3 and (other := _other_leaf(node)):
                self._add(node, other)
            elif function.id == "SQL" and node.args:
                self._other_sql(node.args[0])
        self.generic_visit(node)

    def _other_sql(self, node):
        if self.function is None or not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            return
        text = node.value
        for pattern, other in SQL_MISTAKES:
            for match in pattern.finditer(text):
                before, after = text[: match.start()], text[match.end() :]
                shown = f"{before[-30:]}[{match[0]}]{after[:30]}", other
                self.found.append((self.function, node, repr(before + other + after), shown))

    def _one_more(self, node):
        for keyword in node.keywords:
            if isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, int):
                self._add(keyword.value, str(keyword.value.value + 1))


def _is_self(node):
    return isinstance(node, ast.Name) and node.id == "self"


def _other_leaf(node):
    """The same leaf of a domain with another operator, or None if `node` is none."""
    terms = node.args if isinstance(node, ast.Call) else node.elts
    if len(terms) != 3 or not all(isinstance(term, ast.Constant) for term in terms[:2]):
        return None
    if terms[1].value not in OPERATORS or not isinstance(terms[0].value, str):
        return None
    other = copy.deepcopy(node)
    (other.args if isinstance(node, ast.Call) else other.elts)[1].value = OPERATORS[terms[1].value]
    return ast.unparse(other)


def python_mutants(path, feature):
    source = (ROOT / path).read_bytes()
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    mistakes = Mistakes()
    mistakes.visit(ast.parse(source))
    for function, node, after, shown in mistakes.found:
        first = starts[node.lineno - 1] + node.col_offset
        last = starts[node.end_lineno - 1] + node.end_col_offset
        before = source[first:last].decode()
        # Inside an f-string positions are not to be trusted.
        try:
            if ast.dump(ast.parse(before.strip(), mode="exec")) == ast.dump(ast.parse(after.strip(), mode="exec")):
                continue
            ast.parse(source[:first] + after.encode() + source[last:])
        except SyntaxError:
            continue
        begin = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
        yield Mutant(
            feature, path, node.lineno, before, after, (first, last), (path, begin), function.name, shown=shown
        )


# === MISTAKES IN RIGHTS === #


def rule_mutants(path, feature):
    """A record rule that holds nothing, and each of its conditions the other way round."""
    text = (ROOT / path).read_text(encoding="utf-8")
    module = path.split("/")[0]
    for record in ElementTree.fromstring(text).iter("record"):
        domain = record.find("field[@name='domain_force']")
        if record.get("model") != "ir.rule" or domain is None or not domain.text:
            continue
        before = domain.text.strip()
        line = text[: text.index(f'id="{record.get("id")}"')].count("\n") + 1
        afters = ["[(1, '=', 1)]"]
        tree = ast.parse(before, mode="eval").body
        for node in ast.walk(tree):
            if isinstance(node, ast.Tuple) and (other := _other_leaf(node)):
                position = list(ast.walk(tree)).index(node)
                changed = copy.deepcopy(tree)
                target = list(ast.walk(changed))[position]
                target.elts[1].value = ast.parse(other, mode="eval").body.elts[1].value
                afters.append(ast.unparse(changed))
        for after in afters:
            if ast.dump(ast.parse(after, mode="eval")) == ast.dump(ast.parse(before, mode="eval")):
                continue
            cell = ("ir_rule", "domain_force", module, record.get("id"))
            yield Mutant(feature, path, line, f"{record.get('id')}: {before}", after, cell=cell)


def access_mutants(path):
    """An access right given that is not, or taken that is."""
    module = path.split("/")[0]
    with open(ROOT / path, encoding="utf-8") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            for column in ("perm_read", "perm_write", "perm_create", "perm_unlink"):
                given = row[column] == "1"
                cell = ("ir_model_access", column, module, row["id"])
                yield Mutant("access", path, line, f"{row['id']}: {column} {given}", str(not given), cell=cell)


# === THE SAMPLE === #


def features():
    """Names of the packages of our models, the longest first."""
    names = {path.parent.name for addon in addons() for path in (ROOT / addon / "models").glob("*/__init__.py")}
    return sorted(names | set(TESTS), key=len, reverse=True)


def all_mutants(wanted=()):
    """Every mistake that is known to be made, in a fixed order; with `wanted` those of these features."""
    names = features()

    def feature_of(path):
        if path.parts[1] == "models" and len(path.parts) > 3:
            name = path.parts[2]
        else:
            name = next((name for name in names if path.stem.startswith(name)), None)
        return name if not wanted or name in wanted else None

    for addon in addons():
        for folder in ("models", "wizard", "controllers", "report"):
            for file in sorted((ROOT / addon / folder).rglob("*.py")):
                path = file.relative_to(ROOT)
                if feature := feature_of(path):
                    yield from python_mutants(str(path), feature)
        for file in sorted((ROOT / addon / "security").glob("*.xml")):
            path = file.relative_to(ROOT)
            if feature := feature_of(path):
                yield from rule_mutants(str(path), feature)
        if not wanted or "access" in wanted:
            yield from access_mutants(f"{addon}/security/ir.model.access.csv")


def equivalents():
    """Mistakes that are none, as they stand in the list, each with its reason below it."""
    lines = (ROOT / "dev" / "mutants_equivalent.txt").read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line and not line.startswith((" ", "#"))}


def sample():
    wanted = [name for name in os.environ.get("FEATURE", "").split(",") if name]
    if unknown := set(wanted) - set(features()):
        raise SetupError(f"No such feature: {', '.join(sorted(unknown))}. There are {', '.join(sorted(features()))}.")
    size = int(os.environ.get("MUTANTS") or 60)
    seed = int(os.environ.get("SEED") or 1)
    same = equivalents()
    mutants = list(all_mutants(wanted))
    counted = [mutant for mutant in mutants if mutant.key not in same]
    chosen = random.Random(seed).sample(counted, min(size, len(counted)))
    say(f"{len(chosen)} of {len(counted)} mistakes, seed {seed} ({len(mutants) - len(counted)} are known to be none)")
    return sorted(chosen, key=lambda mutant: (mutant.feature, mutant.path, mutant.line))


def test_files(feature):
    """Tests of `feature` as tags: its files, tours apart."""
    stems = TESTS_OF_ALL if feature == SHARED else TESTS.get(feature, [feature])
    files = sorted(
        file
        for addon in addons()
        for file in (ROOT / addon / "tests").glob("test_*.py")
        if any(file.stem.startswith(f"test_{stem}") for stem in stems) and not file.stem.endswith("_tour")
    )
    if not files:
        raise SetupError(f"No test of {feature}: name its files after it, or say in dev/mutants.py which they are.")
    return [*(f"/{file.relative_to(ROOT)}" for file in files), *LEFT_OUT]


# === RUNNING === #


class Worker:
    """A database and a copy of the addons, to make mistakes in, and an Odoo that has loaded them."""

    def __init__(self, number, variables):
        self.variables = variables
        self.number = number
        self.database = f"{BASE}_{number}"
        self.home = WORK / str(number)
        shutil.rmtree(self.home, ignore_errors=True)
        # A test compares what the documentation says.
        for name in [*addons(), "docs"]:
            shutil.copytree(ROOT / name, self.home / name)
        clone(variables, BASE, self.database)
        self.server = None

    def close(self):
        self._stop()
        drop(self.variables, self.database)
        shutil.rmtree(self.home, ignore_errors=True)

    def _start(self):
        """Load Odoo; it is ready when it has answered."""
        folders = [path for path in addons_path().split(",") if path != str(ROOT)]
        command = [
            str(PYTHON), str(ROOT / "dev" / "mutants_server.py"), str(self.home), "-d", self.database,
            f"--addons-path={','.join([*folders, str(self.home)])}", "--test-enable",
        ]  # fmt: skip
        # What one run compiled is not what the next one has to find.
        environment = {**os.environ, "PYTHONPATH": str(odoo_home()), "ODOO_RC": str(ENV / "odoo.conf"), "TZ": "UTC"}
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
        log = LOGS / f"mutants-server-{self.number}.log"
        with open(log, "w", encoding="utf-8") as output:
            self.server = subprocess.Popen(
                command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=output, text=True,
                start_new_session=True, cwd=WORK,
            )  # fmt: skip
        return bool(self.server.stdout.readline())

    def _stop(self):
        if self.server:
            if self.server.poll() is None:
                os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()
            self.server.stdin.close()
            self.server.stdout.close()
            self.server = None

    def run(self, tags, log, limit, **job):
        """Run the tests of `tags` until one fails; return by what it was noticed, or None.

        :param job: the mistake, and what else `mutants_server.py` is told
        """
        if not self.server and not self._start():
            self._stop()
            return "Odoo did not start"
        wanted = {**job, "tags": tags, "log": str(log), "limit": limit, "port": free_port()}
        self.server.stdin.write(json.dumps(wanted) + "\n")
        self.server.stdin.flush()
        answer = json.loads(self.server.stdout.readline())
        return self._run_cold(tags, log, limit, **job) if "cold" in answer else answer["noticed"]

    def _run_cold(self, tags, log, limit, path, span, after, function):
        """The same in an Odoo that is loaded with the mistake in it, as some functions are called at loading only."""
        self._stop()
        file = self.home / path
        source = file.read_bytes()
        file.write_bytes(source[: span[0]] + after.encode() + source[span[1] :])
        try:
            return self.run(tags, log, limit)
        finally:
            file.write_bytes(source)
            self._stop()

    def _set_cell(self, cell, value):
        """Write a value into the database; return the one that was there."""
        table, column, module, xmlid = cell
        where = f"id = (SELECT res_id FROM ir_model_data WHERE module = '{module}' AND name = '{xmlid}')"
        [(before,)] = execute(self.variables, f"SELECT {column} FROM {table} WHERE {where}", database=self.database)
        update = f"UPDATE {table} SET {column} = $mutant${value}$mutant$ WHERE {where}"
        execute(self.variables, update, database=self.database)
        return before

    def try_out(self, mutant, tags, log, limit):
        """Return what noticed `mutant`, or None."""
        if mutant.cell:
            before = self._set_cell(mutant.cell, mutant.after)
            try:
                return self.run(tags, log, limit)
            finally:
                self._set_cell(mutant.cell, before)
        mistake = {
            "path": mutant.path,
            "span": mutant.span,
            "after": mutant.after,
            "function": mutant.function[1],
        }
        return self.run(tags, log, limit, **mistake) or self._run_cold(tags, log, limit, **mistake)


def make_base(variables):
    """A database with the addons installed as they are now."""
    clone(variables, template(variables, "minimal", depends_of(addons())), BASE)
    arguments = ["-d", BASE, "-i", ",".join(addons()), "--without-demo=all", "--stop-after-init", "--no-http"]
    if run_logged_odoo(arguments, variables, "mutants-install.log"):
        raise SetupError("The addons could not be installed: .env/logs/mutants-install.log")
    # Made once here, not by each worker whose tests open a page.
    with tempfile.TemporaryFile("w+") as script, open(LOGS / "mutants-assets.log", "w", encoding="utf-8") as log:
        script.write('env["ir.qweb"]._pregenerate_assets_bundles()\nenv.cr.commit()\n')
        script.seek(0)
        run_odoo(["shell", "-d", BASE, "--no-http"], variables, stdin=script, stdout=log, stderr=log)


def reach(worker, feature, digest):
    """Run the tests of `feature` with no mistake made, unless that was done with the same files before.

    :param digest: of these files
    :return: the seconds that took, and for each function (path, line) the tests that come by it
    """
    kept = WORK / f"reach-{feature}-{digest}.json"
    if not kept.exists():
        begin = time.monotonic()
        result = WORK / f"reach-{feature}.json"
        result.unlink(missing_ok=True)
        log = LOGS / f"mutants-{feature}.log"
        failed = worker.run(test_files(feature), log, 1800, reach=str(result))
        if failed or Run(log.name, []).failed or not result.exists():
            raise SetupError(f"Tests of {feature} fail with no mistake made: {failed}\n{log.relative_to(ROOT)}")
        for old in WORK.glob(f"reach-{feature}-*.json"):
            old.unlink()
        tests_of = json.loads(result.read_text(encoding="utf-8"))
        kept.write_text(json.dumps([time.monotonic() - begin, tests_of]), encoding="utf-8")
    seconds, tests_of = json.loads(kept.read_text(encoding="utf-8"))
    reached = {(path, int(line)): tests for place, tests in tests_of.items() for path, line in [place.rsplit(":", 1)]}
    return seconds, reached


def reach_digest(feature):
    """Changes with every file of the addons, and of the tests with those of `feature` and what these share."""
    tests = set(test_files(feature))
    digest = hashlib.sha256(("\0".join(sorted(tests)) + addons_digest()).encode())
    for addon in addons():
        for file in sorted((ROOT / addon / "tests").glob("*.py")):
            if not file.stem.startswith("test_") or f"/{file.relative_to(ROOT)}" in tests:
                digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def run_all(variables, mutants):
    # Rights and rules stand in no function: all tests of the feature are theirs.
    names = sorted({mutant.feature for mutant in mutants if not mutant.cell})
    names += [SHARED] if names else []
    # Of the files as they are copied now: somebody may go on writing tests.
    digests = {name: reach_digest(name) for name in names}
    workers = Queue()
    count = int(os.environ.get("CORES") or os.cpu_count() or 1)
    for number in range(count):
        workers.put(Worker(number, variables))

    def borrowed(function, *arguments):
        worker = workers.get()
        try:
            return function(worker, *arguments)
        finally:
            workers.put(worker)

    def attempt(number, mutant):
        tags, seconds = [*test_files(mutant.feature), *TESTS_OF_RULES], 600
        if not mutant.cell:
            found = [reached[name].result() for name in (mutant.feature, SHARED)]
            seconds = sum(seconds for seconds, _tests_of in found)
            tags = sorted({tag for _seconds, tests_of in found for tag in tests_of.get(mutant.function, [])})
        noticed = None
        if tags:
            log = LOGS / f"mutant-{number}.log"
            noticed = borrowed(lambda worker: worker.try_out(mutant, tags, log, 3 * seconds + 120))
        say(f"  {'noticed ' if noticed else 'SURVIVED'} {mutant}" + ("" if tags else "   (no test comes by)"))
        return mutant, noticed

    try:
        with ThreadPoolExecutor(count) as pool:
            # Handed out first, so none of them waits behind an attempt that waits for it.
            reached = {name: pool.submit(borrowed, reach, name, digests[name]) for name in names}
            results = [pool.submit(attempt, number, mutant) for number, mutant in enumerate(mutants)]
            try:
                return [result.result() for result in results]
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
    finally:
        while not workers.empty():
            workers.get().close()


def report(results):
    say(f"\n{'feature':<24}{'noticed':>8}{'of':>6}{'share':>8}")
    for name in sorted({mutant.feature for mutant, _noticed in results}):
        row = [noticed for mutant, noticed in results if mutant.feature == name]
        good = sum(map(bool, row))
        say(f"{name:<24}{good:>8}{len(row):>6}{good / len(row):>8.0%}")
    survivors = [mutant for mutant, noticed in results if not noticed]
    share = 1 - len(survivors) / len(results)
    say(f"{'all':<24}{len(results) - len(survivors):>8}{len(results):>6}{share:>8.0%}")
    if survivors:
        say("\nNoticed by no test:")
        for mutant in survivors:
            say(f"  {mutant}")
    if share < WANTED:
        say(f"\n✗ {share:.0%} noticed, {WANTED:.0%} wanted: write the tests that are missing.")
        return 1
    return 0


def mutants():
    chosen = sample()
    if not chosen:
        raise SetupError("There is nothing to make a mistake in.")
    WORK.mkdir(parents=True, exist_ok=True)
    with postgres() as variables:
        make_base(variables)
        write_configuration(variables)
        try:
            results = run_all(variables, chosen)
        finally:
            drop(variables, BASE)
    return report(results)


if __name__ == "__main__":
    main(mutants)

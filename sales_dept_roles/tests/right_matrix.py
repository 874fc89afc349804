import os
from contextlib import contextmanager
from pathlib import Path

from odoo import Command
from odoo.exceptions import AccessError, UserError

from .common import SalesDeptCommon

DOCS = Path(__file__).resolve().parents[2] / "docs"
OPERATIONS = {"create": "C", "read": "R", "write": "W", "unlink": "D"}
ROLES = [
    ("Assistant", "group_assistant"),
    ("Account manager", "group_account_manager"),
    ("Director", "group_director"),
    ("General manager", "group_general_manager"),
    ("Finance", "group_finance_verifier"),
    ("Engineering", "group_review_engineering"),
    ("Production", "group_review_production"),
    ("Purchasing", "group_review_purchasing"),
    ("Quality", "group_review_quality"),
    ("Logistics", "group_review_logistics"),
]


class RightMatrixCase(SalesDeptCommon):
    """A page of docs/ says what each role may do in one addon; each cell of it is tried.

    An addon's test class says which addon, which page and what stands above the tables, and yields the actions to
    try in :meth:`_action_cases`.
    """

    # Not a test of its own: the classes of the addons are.
    allow_inherited_tests_method = True
    maxDiff = None
    addon = None
    # Of an addon with several pages: how the names of the models begin that stand on this one, as one text or a tuple.
    prefix = ""
    # And how those begin that stand on a page of their own.
    elsewhere = ()
    # Name of the page in docs/, and its beginning.
    page = None
    head = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sales_dept_quote_signoff = "off"
        cls.company.sales_dept_department_id = cls.env["hr.department"].create({"name": "Sales"})
        *people, cls.asker = cls._create_users(
            *(cls._prepare_role_user(f"matrix_{group}", group) for _label, group in ROLES),
            # Of Odoo's own rights those that the addons build on.
            cls._prepare_user("matrix_salesperson", "sales_team.group_sale_salesman"),
            cls._prepare_user("matrix_settings", "base.group_system"),
            cls._prepare_user("matrix_portal", "base.group_portal", email="p@customer.example"),
            cls._prepare_role_user("matrix_asker", "group_account_manager", "group_assistant"),
        )
        *staff, customer = people
        labels = [*(label for label, _group in ROLES), "Salesperson", "Settings"]
        cls.people = {**dict(zip(labels, staff, strict=True)), "No role": cls.outsider, "Customer": customer}
        cls.owner = cls.people["Account manager"]

    def test_records(self):
        """The tables of records by themselves, which take no time: whoever changes rights knows at once."""
        if os.environ.get("RIGHTS_TABLE") != "write":
            self.assertIn("\n".join(self._models()), (DOCS / self.page).read_text(encoding="utf-8"), "make rights")

    def test_table(self):
        table = "\n".join([self.head, *self._models(), "", *self._actions(), ""])
        path = DOCS / self.page
        if os.environ.get("RIGHTS_TABLE") == "write":
            path.write_text(table, encoding="utf-8")
        self.assertEqual(path.read_text(encoding="utf-8"), table, "Rights changed: look at them, then make rights")

    def _rows(self, title, cells):
        """A Markdown table of ``{label: {person: text}}``."""
        yield f"| {title} | {' | '.join(self.people)} |"
        yield f"|---|{'---|' * len(self.people)}"
        for label, row in cells.items():
            yield f"| {label} | {' | '.join(row[person] or '–' for person in self.people)} |"

    # === MODELS === #

    @classmethod
    def _addon_models(cls):
        """Names of the models whose rights the page tells: those of the addon that are kept."""
        return sorted(
            name
            for name, model in cls.registry.items()
            if model._original_module == cls.addon
            and name.startswith(cls.prefix)
            and not name.startswith(cls.elsewhere)
            and not model._abstract
            and not model._transient
        )

    def _models(self):
        own = {
            name
            for name, model in self.registry.items()
            if model._original_module == self.addon
            and name.startswith(self.prefix)
            and not name.startswith(self.elsewhere)
            and not model._abstract
        }
        self.assertTrue(own, f"{self.addon} has no models")
        granted = self.env["ir.model.data"].search([("module", "=", self.addon), ("model", "=", "ir.model.access")])
        others = set(self.env["ir.model.access"].browse(granted.mapped("res_id")).mapped("model_id.model"))
        others = {name for name in others if self.registry[name]._original_module != self.addon and not self.prefix}
        dialogs = {name for name in own if self.registry[name]._transient}
        yield "## Records\n\nC create, R read, W write, D delete.\n"
        yield from self._rows("model", self._model_cells(own - dialogs))
        if dialogs:
            yield "\n## Dialogs\n\nWhat a dialog does is checked again, by the document: see the actions.\n"
            yield from self._rows("dialog", self._model_cells(dialogs))
        if others:
            yield "\n## Records of other addons\n\nOf those to which this addon gives a right.\n"
            yield from self._rows("model", self._model_cells(others))

    def _model_cells(self, models):
        return {
            f"{self.env[name]._description} `{name}`": {
                person: "".join(
                    letter
                    for operation, letter in OPERATIONS.items()
                    if self.env[name].with_user(user).has_access(operation)
                )
                for person, user in self.people.items()
            }
            for name in sorted(models)
        }

    # === COMPANIES === #

    def _make_company_records(self):
        """Make a record of each of the addon's models that belong to a company, in :attr:`company`."""
        raise NotImplementedError

    def test_other_companies(self):
        """Of another company's records nobody sees any, whatever roles they hold; a colleague with those does."""
        self._make_company_records()
        groups = [group for _label, group in ROLES]
        colleague = self._create_role_user("matrix_colleague", *groups)
        stranger = self._create_role_user("matrix_stranger", *groups)
        other = self.env["res.company"].create({"name": "Another Company"})
        stranger.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.env.flush_all()
        self.env.invalidate_all()
        models = [
            name
            for name in self._addon_models()
            if (field := self.registry[name]._fields.get(self._company_path(name).split(".")[0])) and field.store
        ]
        self.assertTrue(models)
        for name in models:
            with self.subTest(model=name):
                domain = [(self._company_path(name), "=", self.company.id)]
                theirs = self.env[name].sudo().with_context(active_test=False).search(domain)
                self.assertTrue(theirs, f"no {name} was made")
                seen = theirs.with_user(colleague).with_context(active_test=False)
                self.assertTrue(seen.search(domain) or self._is_personal(name), "a colleague sees them")
                unseen = theirs.with_user(stranger).with_context(active_test=False)
                self.assertFalse(unseen.search(domain))
                self.assertFalse(unseen._filtered_access("read"))

    def _company_path(self, model):
        """Name of the field, or path, that says which company a record of `model` belongs to."""
        return "company_id"

    def _is_personal(self, model):
        """Whether records of `model` are one person's alone, so that a colleague does not see them either."""
        return False

    # === ACTIONS === #

    def _action_cases(self):
        """Yield ``(label, function that makes the document, function of it that acts)`` for each action to try."""
        raise NotImplementedError

    def _actions(self):
        yield "## Actions\n"
        yield "On a document of the account manager's own, asked for by a colleague; ✓ may, – is refused.\n"
        cells = {}
        for label, prepare, act in self._action_cases():
            cells[label] = self._tried(prepare, act)
            self.assertIn("✓", cells[label].values(), f"Nobody may: {label}")
            self.assertEqual(cells[label]["Customer"], "", label)
        self.assertTrue(cells, "no action is tried")
        yield from self._rows("action", cells)

    def _tried(self, prepare, act):
        """Return who may do `act` on what `prepare` makes, ``{person: "✓" or ""}``; nothing of it stays.

        It is made once, and each finds it as it was made.
        """
        with self._undone():
            document = prepare()
            return {person: self._try(document, act, user) for person, user in self.people.items()}

    def _try(self, document, act, user):
        with self._undone():
            try:
                act(document.with_user(user))
                self.env.flush_all()
                return "✓"
            except (AccessError, UserError):
                return ""

    @contextmanager
    def _undone(self):
        """Begin as another request would, and leave nothing of what is done within."""
        self.env.flush_all()
        self.env.invalidate_all()
        savepoint = self.env.cr.savepoint(flush=True)
        try:
            yield
        finally:
            savepoint.rollback()
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def _approve_by(self, document, *labels):
        for label in labels:
            document.with_user(self.people[label]).action_approval_approve()
        return document

    # === DOCUMENTS === #

    def _order(self, **vals):
        """A quotation of the account manager's, seen by a colleague of both roles."""
        return self._create_quotation(
            self.owner, user_id=self.owner.id, commitment_date="2031-03-14 09:00:00", **vals
        ).with_user(self.asker)

    def _confirmed_order(self):
        order = self._order()
        order.sudo().action_confirm()
        return order

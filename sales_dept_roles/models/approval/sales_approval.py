from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, Query, ormcache

from ..protected_results.kept import Kept
from ..protected_results.key import Key
from .sales_approval_mixin import IN_FORCE
from .terms import FORM, encode, paths
from .terms_reader import TermContents, contents_sql


def by_model(documents):
    """Unite records of several models into one recordset per model; empty ones are left out."""
    united = {}
    for document in documents:
        if document:
            united.setdefault(document._name, []).append(document)
    return [records[0].union(*records[1:]) for records in united.values()]


class SalesApproval(models.Model):
    """One request for approval of one document, kept for good.

    Rows are written by the methods below only: no group has create, write or delete rights, so
    what a client may do is call :meth:`action_approve` and its sisters, which check role, order,
    company, delegation and four eyes.
    """

    _name = "sales.approval"
    _description = "Approval"
    _order = "request_date desc, id desc"
    _rec_name = "res_name"

    res_model = fields.Char("Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference("Document ID", model_field="res_model", required=True, readonly=True, index=True)
    res_name = fields.Char("Document", required=True, readonly=True)
    kind = fields.Char(compute="_compute_kind", help="What kind of document it is, in the reader's language.")
    flow_id = fields.Many2one("sales.approval.flow", required=True, readonly=True, ondelete="restrict", index=True)
    different_people = fields.Boolean(readonly=True, help="Each step takes another person: as the flow was when asked.")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    requester_id = fields.Many2one("res.users", required=True, readonly=True, index=True)
    requester_name = fields.Char(readonly=True, help="The name of the requester at that time.")
    responsible_id = fields.Many2one(
        "res.users", readonly=True, index="btree_not_null", help="The person whose document it is."
    )
    partner_id = fields.Many2one("res.partner", readonly=True, index="btree_not_null")
    is_confidential = fields.Boolean(
        readonly=True, help="Seen by those concerned only, and not by all who see the documents of sales."
    )
    holders_only = fields.Boolean(
        "Not Delegated",
        readonly=True,
        help="What is asked is private: whoever stands in for the holder of a role does not decide on it.",
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(readonly=True, aggregator=None)
    request_date = fields.Datetime("Asked", required=True, readonly=True, default=fields.Datetime.now)
    close_date = fields.Datetime("Decided", readonly=True)
    working_days = fields.Integer(
        "Working Days Taken", readonly=True, aggregator="avg", help="Working days from asking to the decision."
    )
    last_decision_date = fields.Datetime(readonly=True)
    # Large, and read on the form only.
    terms = Kept(readonly=True, prefetch=False, help="What was put before the approvers.")
    terms_spec = Kept(readonly=True, help="Which terms were put before them.")
    terms_lang = Key(readonly=True, help="The language of the texts in the terms.")
    terms_form = fields.Integer(
        readonly=True, default=1, help="The form in which the terms are kept; 1 is that before version 19.0.1.1.0."
    )
    digest = Key(readonly=True, required=True, help="SHA-256 of the terms.")
    state = fields.Selection(
        [
            ("pending", "Waiting"),
            ("approved", "Approved"),
            ("rejected", "Refused"),
            ("withdrawn", "Withdrawn"),
            ("superseded", "Superseded"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="pending",
        index=True,
    )
    reason = fields.Text(readonly=True, help="Why it was refused or withdrawn.")
    terms_text = fields.Html(
        "What Is Signed",
        compute="_compute_terms_text",
        sanitize=False,
        help="The terms as they were put before the approvers, for those too who may not open the document.",
    )
    task_ids = fields.One2many("sales.approval.task", "approval_id", string="Signatures Asked", readonly=True)
    decision_ids = fields.One2many("sales.approval.decision", "approval_id", string="Decisions", readonly=True)
    deadline = fields.Datetime("Due", compute="_compute_deadline", store=True, index="btree_not_null")
    waiting_for = fields.Char(compute="_compute_waiting_for")
    is_overdue = fields.Boolean(compute="_compute_is_overdue", search="_search_is_overdue")
    can_decide = fields.Boolean("Waits for Me", compute="_compute_can_decide", search="_search_can_decide")

    # One in force per document: also what stops two people from asking at the same moment.
    _one_in_force = models.UniqueIndex(
        "(res_model, res_id) WHERE state IN ('pending', 'approved', 'rejected')",
        "This document was submitted for approval by somebody else just now: reload it.",
    )

    _different_people = models.Index("(id) WHERE different_people IS TRUE AND state = 'pending'")

    @api.depends("res_model")
    @api.depends_context("lang")
    def _compute_kind(self):
        names = {
            model: self.env[model]._approval_kind() if model in self.env else model
            for model in set(self.mapped("res_model"))
        }
        for approval in self:
            approval.kind = names[approval.res_model]

    def _terms_kept_as(self):
        """What one reading of terms can be compared with: approvals that are alike in it are compared together."""
        self.ensure_one()
        return encode(self.terms_spec or {}), self.terms_lang, self.terms_form

    def _is_signed_for_less(self):
        """Whether it was asked for before version 19.0.1.1.0, when terms held less than they do now."""
        self.ensure_one()
        if self.terms_form >= FORM or self.res_model not in self.env:
            return False
        document = self.env[self.res_model]
        return bool(paths(document._approval_spec()) - paths(self.terms_spec or {}))

    @api.depends("terms", "res_model")
    @api.depends_context("lang")
    def _compute_terms_text(self):
        for approval in self:
            approval.terms_text = (
                self.env["ir.qweb"]._render(
                    "sales_dept_roles.approval_terms",
                    {
                        "approval": approval,
                        "sections": self.env[approval.res_model]
                        .sudo()
                        ._approval_terms_sections(approval.terms, approval.terms_spec or {}),
                    },
                )
                if approval.terms and approval.res_model in self.env
                else False
            )

    @api.depends("task_ids.state", "task_ids.deadline")
    def _compute_deadline(self):
        for approval in self:
            deadlines = approval.task_ids.filtered(lambda task: task.state == "open" and task.deadline)
            approval.deadline = min(deadlines.mapped("deadline"), default=False)

    @api.depends("task_ids.state")
    @api.depends_context("lang")
    def _compute_waiting_for(self):
        for approval in self:
            waiting = approval.task_ids.filtered(lambda task: task.state == "open")
            approval.waiting_for = ", ".join(waiting.group_id.mapped("name"))

    @api.depends("deadline")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for approval in self:
            approval.is_overdue = bool(approval.deadline and approval.deadline < now)

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("state", "=", "pending") & Domain("deadline", "<", fields.Datetime.now())

    @api.depends("task_ids.state")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        mine = self.sudo().task_ids._filter_decidable(self.env.user).approval_id
        for approval in self:
            approval.can_decide = approval in mine

    def _search_can_decide(self, operator, value):
        if operator != "in":
            return NotImplemented
        Task = self.env["sales.approval.task"].sudo()
        tasks = Task._search(Task._decidable_domain(self.env.user))
        # An open task is of a waiting approval; said again, it keeps the database from reading all the others.
        return Domain("state", "=", "pending") & Domain("id", "in", tasks.subselect("approval_id"))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Approvals are a record of who signed what: they cannot be deleted."))

    # === ACTIONS === #

    def action_open_document(self):
        self.ensure_one()
        document = self._document()
        if not document:
            raise UserError(self.env._("%(document)s was deleted.", document=self.res_name))
        # Who may not read the document judges by the terms that the approval itself shows.
        opened = document if document.with_env(self.env).has_access("read") else self
        return {
            "type": "ir.actions.act_window",
            "res_model": opened._name,
            "res_id": opened.id,
            "views": [(False, "form")],
        }

    def action_approve(self):
        """Sign off all of `self`, or say which cannot be signed and leave those as they are."""
        return self._decide_possible("approved")

    def action_reject(self):
        return self._action_open_decision_wizard("rejected")

    def action_sign(self):
        return self._action_open_decision_wizard("approved")

    def action_sign_card(self):
        """Sign off what the card shows already; a dialog opens only where something is to be given first.

        That is what the document asks for before it is signed, or a drawing that is wanted and not kept.
        """
        if action := self._action_before_decision("approved"):
            return action
        wanted = any(self.sudo().task_ids._filter_decidable(self.env.user).mapped("signature_required"))
        if wanted and not self.env.user.sudo().sales_dept_signature:
            return self.action_sign()
        return self.action_approve()

    def _action_before_decision(self, outcome):
        """The action that asks for what the document lacks before `outcome`, or nothing."""
        # Of several, the dialog's answer names those that still lack something.
        document = len(self) == 1 and self._document()
        if document and document.has_access("read"):
            return document._approval_action_before_decision(outcome)
        return False

    def _action_open_decision_wizard(self, outcome):
        if action := self._action_before_decision(outcome):
            return action
        names = {
            "approved": self.env._("Sign off"),
            "conditional": self.env._("Agree with Conditions"),
            "rejected": self.env._("Refuse"),
        }
        return {
            "type": "ir.actions.act_window",
            "name": names[outcome],
            "res_model": "sales.approval.decide",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_approval_ids": self.ids, "default_outcome": outcome},
        }

    # === BUSINESS === #

    def _document(self):
        """The document of the approval; empty once it is deleted, or its model with its module."""
        self.ensure_one()
        return self._documents()[self]

    @api.model
    def _read_in_force(self, *documents):
        """Read the approvals in force of documents of several models into `approval_in_force_id`, in one query."""
        found = {}
        if any(some.ids for some in documents):
            approvals = self.sudo()
            # Asked with each confirmation: to work a domain out would take longer than to read what is in it.
            query = Query(self.env, self._table)
            res_model, res_id, state = (
                approvals._field_to_sql(self._table, name, query) for name in ("res_model", "res_id", "state")
            )
            of_documents = [
                SQL("(%s = %s AND %s = ANY(%s))", res_model, some._name, res_id, some.ids) for some in documents
            ]
            query.add_where(SQL("%s IN %s AND (%s)", state, IN_FORCE, SQL(" OR ").join(of_documents)))
            names = ["res_model", "res_id", "state", "digest", "terms_spec", "terms_lang", "terms_form", "company_id"]
            approvals = approvals._fetch_query(query, [self._fields[name] for name in names])
            found = {(approval.res_model, approval.res_id): approval for approval in approvals}
        for some in documents:
            with self.env.protecting([some._fields["approval_in_force_id"]], some):
                for document in some:
                    document.approval_in_force_id = found.get((some._name, document.id))

    @api.model
    def _lacking(self, *documents):
        """Look at documents of several models together; see :meth:`_approval_lacking` of a document.

        Their approvals are read in one query, and what their terms point to in another.

        :return: for each of `documents`, those of them that have no approval which stands for them as they are now
        """
        if len(documents) > 1:
            self._read_in_force(*documents)
        contents = TermContents(self.env)
        begun = [some._approval_begin_lacking(contents) for some in documents]
        contents.complete()
        return [lacking() for lacking in begun]

    @api.model
    @ormcache("model_name", "key", "self.env.lang", "self.env.company.id")
    def _term_contents_sql(self, model_name, key, spec):
        """The SQL of the contents `spec` of rows of that model, with `key` as its text; see ``terms_reader.py``."""
        return contents_sql(self.env[model_name], spec)

    def _documents(self):
        """Return ``{approval: its document}``, with one query per model; as :meth:`_document`."""
        documents = {}
        for res_model, approvals in self.grouped("res_model").items():
            model = self.env[res_model] if res_model in self.env else self
            there = model.browse(approvals.mapped("res_id") if model is not self else ()).exists()
            by_id = {document.id: document for document in there}
            documents.update((approval, by_id.get(approval.res_id, model.browse())) for approval in approvals)
        return documents

    def _refresh_activities(self):
        """Bring the activities on the documents of `self` up to date."""
        for documents in by_model(self._documents().values()):
            documents._approval_refresh_activities()

    def _url_for(self, user):
        """Where `user` decides: on the document, or on the approval where they may not open the document."""
        self.ensure_one()
        document = self._document().with_user(user)
        model, res_id = (document._name, document.id) if document.has_access("read") else (self._name, self.id)
        return f"/mail/view?model={model}&res_id={res_id}"

    def _diff(self):
        """As :meth:`_diffs`, of one approval."""
        self.ensure_one()
        return self._diffs()[self]

    def _diffs(self):
        """Return ``{approval: what changed since it was asked}``: ``[(label, old, new)]``, empty when nothing did."""
        # At once, since each is read by itself otherwise.
        self.fetch(["terms"])
        return {
            approval: document._approval_terms_diff(
                approval.terms or {}, document._approval_terms_as_signed(approval), approval.terms_spec or {}
            )
            if document
            else []
            for approval, document in self._documents().items()
        }

from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, ormcache, split_every

from ..protected_results.client_context import without_client_context
from .sales_approval_mixin import IN_FORCE
from .terms import FORM, encode, paths
from .terms_reader import TermContents, content_sql


def _by_model(documents):
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
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(readonly=True, aggregator=None)
    request_date = fields.Datetime("Asked", required=True, readonly=True, default=fields.Datetime.now)
    close_date = fields.Datetime("Decided", readonly=True)
    working_days = fields.Integer(
        "Working Days Taken", readonly=True, aggregator="avg", help="Working days from asking to the decision."
    )
    last_decision_date = fields.Datetime(readonly=True)
    # Large, and read on the form only.
    terms = fields.Json(readonly=True, prefetch=False, help="What was put before the approvers.")
    terms_spec = fields.Json(readonly=True, help="Which terms were put before them.")
    terms_lang = fields.Char(readonly=True, help="The language of the texts in the terms.")
    terms_form = fields.Integer(
        readonly=True, default=1, help="The form in which the terms are kept; 1 is that before version 19.0.1.1.0."
    )
    digest = fields.Char(readonly=True, required=True, help="SHA-256 of the terms.")
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
            approval.waiting_for = ", ".join(waiting.sudo().group_id.mapped("name"))

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
        # A sentence about what one may not see would tell what it is.
        self.check_access("read")
        messages = self._decision_error_messages()
        signed = self.filtered(lambda approval: not messages[approval])
        refusals = [message for message in messages.values() if message]
        if not signed and refusals:
            raise UserError("\n".join(refusals))
        signed._decide("approved")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if refusals else "success",
                "sticky": bool(refusals),
                "message": "\n".join([self.env._("%(count)s signed off.", count=len(signed)), *refusals]),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_reject(self):
        return self._action_open_decision_wizard("rejected")

    def action_sign(self):
        return self._action_open_decision_wizard("approved")

    def _action_open_decision_wizard(self, outcome):
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
        domains = [
            Domain("res_model", "=", some._name) & Domain("res_id", "in", some.ids) for some in documents if some.ids
        ]
        found = {}
        if domains:
            approvals = self.sudo().search_fetch(
                Domain.OR(domains) & Domain("state", "in", IN_FORCE),
                ["res_model", "res_id", "state", "digest", "terms_spec", "terms_lang", "terms_form", "company_id"],
            )
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
        contents.read()
        return [lacking() for lacking in begun]

    @api.model
    @ormcache("model_name", "key", "self.env.lang", "self.env.company.id")
    def _term_content_sql(self, model_name, key, spec):
        """The SQL of the content `spec` of a row of that model, with `key` as its text; see ``terms_reader.py``."""
        return content_sql(self.env[model_name], spec)

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
        for documents in _by_model(self._documents().values()):
            documents._approval_refresh_activities()

    def _url_for(self, user):
        """Where `user` decides: on the document, or on the approval where they may not open the document."""
        self.ensure_one()
        document = self._document().with_user(user)
        model, res_id = (document._name, document.id) if document.has_access("read") else (self._name, self.id)
        return f"/mail/view?model={model}&res_id={res_id}"

    def _lock(self):
        """Let one decision at a time be taken on each of `self`.

        The decision writes `last_decision_date`, so whoever waited here fails to serialize, is
        run again by Odoo and then sees what the first one decided.
        """
        self.env.execute_query(
            SQL("SELECT id FROM sales_approval WHERE id IN %s ORDER BY id FOR UPDATE", tuple(self.ids))
        )
        self.invalidate_recordset()

    def _decision_error_messages(self):
        """Return ``{approval: why the user may not decide it now, or False}``."""
        approvals = self.sudo()
        documents = approvals._documents()
        decidable = approvals.task_ids._filter_decidable(self.env.user).approval_id
        return {
            approval: approval._decision_error_message(documents[approval], approval in decidable)
            for approval in approvals
        }

    def _decision_error_message(self, document, is_decidable):
        self.ensure_one()
        if self.state != "pending":
            return self.env._("%(document)s is not waiting for a decision any more.", document=self.res_name)
        if not document:
            return self.env._("%(document)s was deleted.", document=self.res_name)
        if document._approval_filter_ended():
            return document._approval_ended_reason()
        if not document._approval_matches(self):
            return self.env._(
                "%(document)s was changed after %(requester)s asked for approval. It has to be submitted again.",
                document=self.res_name,
                requester=self.requester_id.name,
            )
        if not is_decidable:
            return self._no_authority_message(self.env.user)
        return False

    def _no_authority_message(self, user):
        if user == self.requester_id:
            return self.env._(
                "You asked for approval of %(document)s yourself: somebody else has to decide it.",
                document=self.res_name,
            )
        decisions = self.decision_ids
        if self.different_people and user in decisions.user_id | decisions.on_behalf_id:
            return self.env._(
                "You signed another step of %(document)s, yourself or by a delegate, and each step takes another "
                "person: it waits for somebody else of: %(roles)s.",
                document=self.res_name,
                roles=self.waiting_for,
            )
        return self.env._(
            "%(document)s waits for: %(roles)s. You do not hold that role in %(company)s.",
            document=self.res_name,
            roles=self.waiting_for,
            company=self.company_id.name,
        )

    def _decide(self, outcome, comment=False, signature=False):
        """Record the user's decision on each of `self` and go on with the flow.

        :param str outcome: ``approved``, ``conditional`` or ``rejected``
        :param str comment: shown beside the signature; the conditions, or the reason when rejected
        :param bytes signature: a drawing (base64); the user's own is taken where none is given
        :raises AccessError: when the user has no open step there
        :raises UserError: when the document changed meanwhile, or a drawing or reason is missing
        """
        if outcome == "rejected" and not (comment or "").strip():
            raise UserError(self.env._("Say why you refuse: the reason goes to the person who asked."))
        if outcome == "conditional" and not (comment or "").strip():
            raise UserError(self.env._("Say on which conditions you agree: they go to the person who asked."))
        if not self:
            return
        approvals = without_client_context(self).sudo()
        user = approvals.env.user
        signature = signature or user.sudo().sales_dept_signature
        approvals._lock()
        tasks = approvals.task_ids._filter_decidable(user)._filter_one_each()
        documents = approvals._documents()
        # Each that cannot be decided is named: a selection may hold many.
        messages = [message for message in approvals._decision_error_messages().values() if message]
        for approval, decided in tasks.grouped("approval_id").items():
            document = documents[approval]
            if outcome == "conditional" and document and not document._approval_allows_conditions():
                messages.append(self.env._("%(document)s is approved or refused as it is.", document=approval.res_name))
            elif document and (message := document._approval_decision_error_message(decided, outcome)):
                messages.append(message)
        if messages:
            unauthorized = (approvals - tasks.approval_id).filtered(lambda approval: approval.state == "pending")
            raise (AccessError if unauthorized else UserError)("\n".join(dict.fromkeys(messages)))
        if outcome != "rejected":
            tasks._check_signature(signature)
        tasks._record_decision(user, outcome, comment, signature)
        approvals.last_decision_date = fields.Datetime.now()
        approvals._proceed()

    def _proceed(self):
        """Close the approvals `self`, or open their next steps, after decisions or when they start."""
        refusals = {
            approval: next(
                (task.decision_id for task in approval.task_ids if task.decision_id.outcome == "rejected"), None
            )
            for approval in self
        }
        refused = self.filtered(lambda approval: refusals[approval])
        left = (self - refused).filtered(lambda approval: "open" not in approval.task_ids.mapped("state"))
        next_tasks = self.task_ids.browse()
        for approval in left:
            waiting = approval.task_ids.filtered(lambda task: task.state == "waiting")
            next_tasks |= waiting.filtered(
                lambda task, waiting=waiting: task.sequence == min(waiting.mapped("sequence"))
            )
        if next_tasks:
            next_tasks._open()
            documents = next_tasks.approval_id._documents()
            for approval, tasks in next_tasks.grouped("approval_id").items():
                documents[approval]._on_approval_asked(approval, tasks)
        for reason, approvals in refused.grouped(lambda approval: refusals[approval].comment).items():
            approvals._close("rejected", reason)
        granted = left - next_tasks.approval_id
        granted._close("approved")
        (self - refused - granted)._refresh_activities()

    def _close(self, state, reason=False):
        """End the approvals of `self` in `state` and tell their documents."""
        now = fields.Datetime.now()
        self.task_ids.filtered(lambda task: task.state in ("open", "waiting")).write({"state": "cancelled"})
        # What was decided before, and is superseded now, keeps the day of its decision.
        undecided = self.filtered(lambda approval: approval.state == "pending")
        taken = undecided._working_days_taken(now)
        self.write({"state": state})
        for days, approvals in undecided.grouped(taken.get).items():
            approvals.write({"reason": reason, "close_date": now, "working_days": days})
        self._refresh_activities()
        hook = {"approved": "_on_approval_granted", "rejected": "_on_approval_refused"}.get(state)
        if not hook:
            return
        decided = {approval: document for approval, document in self._documents().items() if document}
        for approval, document in decided.items():
            getattr(document, hook)(approval)
        self._tell_decided(decided)

    def _tell_decided(self, decided):
        """Note the decision on each document, and tell who asked: one message a person, however many documents.

        :param dict decided: ``{approval: document}``
        """
        for documents in _by_model(decided.values()):
            bodies = {
                document.id: approval._decided_message()
                for approval, document in decided.items()
                if document._name == documents._name
            }
            documents._message_log_batch(bodies, author_id=self.env.user.partner_id.id)
        approvals = self.browse().union(*decided)
        for requester, asked in approvals.grouped("requester_id").items():
            self.env["sales.dept.telling"]._notify(
                requester,
                lambda reader, asked=asked: asked.with_env(reader.env)._decided_subject(),
                lambda reader, asked=asked: asked.with_env(reader.env)._decided_body(),
                about=decided[asked] if len(asked) == 1 else None,
            )

    def _decided_message(self):
        """What became of this approval, in the reader's language."""
        self.ensure_one()
        if self.state == "approved":
            return self.env._("Approved.")
        return self.env._("Refused: %(reason)s", reason=self.reason)

    def _decided_subject(self):
        if len(self) == 1:
            return f"{self.res_name}: {self._decided_message()}"
        return self.env._("%(count)s of your documents were decided on", count=len(self))

    def _decided_body(self):
        lines = (Markup("<p>%s: %s</p>") % (approval.res_name, approval._decided_message()) for approval in self)
        return Markup("").join(lines)

    def _working_days_taken(self, end):
        """Return ``{approval: working days from asking to `end`}``, one clock call per company."""
        taken = {}
        for company, approvals in self.grouped("company_id").items():
            days = company.resource_calendar_id._working_days_between(
                [(approval.request_date, end) for approval in approvals], company
            )
            taken.update(zip(approvals, days, strict=True))
        return taken

    def _request(self, flow_of, steps_of):
        """Create the approvals of documents and ask the first of their steps (set-based).

        :param dict flow_of: ``{document: flow}``
        :param dict steps_of: ``{document: steps of that flow that it is put before}``
        :return: the approvals, in the order of `flow_of`
        """
        documents = next(iter(flow_of)).union(*flow_of)
        terms = documents._prepare_approval_terms()
        approvals = self.sudo().create(
            [{**document._prepare_approval_values(flow), **terms[document.id]} for document, flow in flow_of.items()]
        )
        steps = [
            (approval, step)
            for approval, document in zip(approvals, flow_of, strict=True)
            for step in steps_of[document]
        ]
        tasks = self.env["sales.approval.task"].sudo()
        tasks = tasks.create([approval._prepare_task_values(step) for approval, step in steps])
        tasks._take_names([step for _approval, step in steps])
        approvals._proceed()
        return approvals

    def _prepare_task_values(self, step):
        """What is copied of a flow's step, so that editing the flow leaves this approval alone."""
        return {
            "approval_id": self.id,
            "name": step.name,
            "sequence": step.sequence,
            "group_id": step.group_id.id,
            "group_name": step.group_id.sudo().name,
            "working_days": step.working_days,
            "signature_required": step.signature_required,
            "escalation_group_id": step.escalation_group_id.id,
        }

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

    # === NOTIFICATIONS === #

    @api.model
    def _cron_notify(self):
        """Mail each approver one list of what newly waits for them and of what is overdue.

        Overdue steps are reminded once per working day; a step that is still overdue at its
        second reminder is escalated to the role above, when the flow names one.
        """
        Task = self.env["sales.approval.task"]
        fresh = Task.search([("state", "=", "open"), ("notified_date", "=", False)])
        self._withdraw_orphans()
        self._refresh_all_activities()
        overdue = Task._search_overdue_unreminded()
        overdue._escalate()
        overdue._count_reminder()
        # Messages are only queued here, so all of it is one batch: nobody is left out or mailed twice when the
        # server stops half-way.
        self.env["sales.dept.job"]._run(
            "sales_dept_roles.ir_cron_approval_notify",
            fresh | overdue,
            lambda tasks: self._notify_approvers(tasks & fresh, tasks & overdue),
            batch_size=0,
        )

    @api.model
    def _notify_approvers(self, fresh, overdue):
        """Send each approver of the tasks `fresh` and `overdue` one message about them."""
        tasks_of = defaultdict(fresh.browse)
        for task, users in (fresh | overdue)._approvers().items():
            for user in users:
                tasks_of[user] |= task
        for user, tasks in tasks_of.items():
            self._notify_approver(user, tasks & fresh, tasks & overdue)
        (fresh | overdue).write({"notified_date": fields.Datetime.now()})

    @api.model
    def _cron_recheck(self):
        """Once a day, and when much changed at once: the stored states of documents follow master data."""
        ids = self.search([("state", "in", ("pending", "approved"))], order="id desc").ids
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(ids))
        for batch in split_every(500, ids):
            self.browse(batch)._recheck_documents()
            if not cron._commit_progress(len(batch)):
                break

    def _recheck_documents(self):
        """Compute the stored states of the documents of `self` anew."""
        for documents in _by_model(self._documents().values()):
            if documents._name in self.env["sales.approval.flow"]._approval_model_names():
                documents._approval_recheck_state()
        self.env.flush_all()

    @api.model
    def _refresh_all_activities(self):
        """Bring all to-dos up to date: authority is given and ends by the calendar, and activities get lost."""
        for res_model in self.env["sales.approval.flow"]._approval_model_names():
            self.env[res_model]._approval_with_todos()._approval_refresh_activities()

    @api.model
    def _withdraw_orphans(self):
        """Close what waits for documents that are gone or have ended: nobody can be asked about them any more."""
        pending = self.search([("state", "=", "pending")])
        documents = pending._documents()
        pending.filtered(lambda approval: not documents[approval])._close("withdrawn")
        for there in _by_model(documents.values()):
            there._approval_end()

    def _notify_approver(self, user, fresh, overdue):
        """Send `user` one message about the tasks `fresh` and `overdue`."""
        self.env["sales.dept.telling"]._notify(
            user,
            lambda reader: reader.env._("%(count)s documents wait for your approval", count=len(fresh | overdue)),
            lambda reader: reader.env["ir.qweb"]._render(
                "sales_dept_roles.approval_digest_mail",
                {"user": user, "fresh": fresh.with_env(reader.env), "overdue": overdue.with_env(reader.env)},
            ),
            force_send=False,
        )

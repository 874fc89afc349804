from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..protected_results.client_context import without_client_context
from .terms import FORM, SOURCE_LANG, digest

ACTIVITY = "sales_dept_roles.mail_activity_approval"

IN_FORCE = ("pending", "approved", "rejected")


class SalesApprovalMixin(models.AbstractModel):
    """What a document needs to be approved by certain roles.

    The model also inherits ``mail.thread`` and ``mail.activity.mixin``, and has a ``company_id``.
    It says what is signed by extending :meth:`_approval_terms_spec`; the rest is the engine's.
    Extension points: :meth:`_approval_flow`, :meth:`_approval_terms`,
    :meth:`_approval_steps`, :meth:`_approval_ended_domain`, :meth:`_approval_dependents`,
    :meth:`_approval_todos`, :meth:`_approval_submit_error_message`,
    :meth:`_approval_decision_error_message`, :meth:`_approval_action_before_decision`,
    :meth:`_prepare_approval_values`,
    :meth:`_on_approval_asked`, :meth:`_on_approval_granted`, :meth:`_on_approval_refused`.
    """

    _name = "sales.approval.mixin"
    _description = "Approval by Roles"
    _inherit = ["sales.dept.protected.mixin"]

    approval_ids = fields.One2many(
        "sales.approval",
        "res_id",
        string="Approvals",
        domain=lambda self: [("res_model", "=", self._name)],
        bypass_search_access=True,
        copy=False,
        groups="base.group_user",
    )
    approval_in_force_id = fields.Many2one(
        "sales.approval",
        string="Approval in Force",
        compute="_compute_approval_in_force_id",
        compute_sudo=True,
        groups="base.group_user",
        help="The request that counts now: the latest that was not taken back.",
    )
    approval_state = fields.Selection(
        [
            ("none", "Not Submitted"),
            ("pending", "Waiting for Approval"),
            ("approved", "Approved"),
            ("rejected", "Refused"),
            ("stale", "Changed Since"),
        ],
        string="Approval",
        compute="_compute_approval_state",
        store=True,
        copy=False,
        groups="base.group_user",
        help="Changed Since: the document was changed after it was submitted or approved, so the signatures no "
        "longer stand for it.",
    )
    approval_summary = fields.Html(
        compute="_compute_approval_summary", compute_sudo=False, sanitize=False, groups="base.group_user"
    )
    approval_can_decide = fields.Boolean(compute="_compute_approval_can")
    approval_can_withdraw = fields.Boolean(compute="_compute_approval_can")

    # === COMPUTES === #

    @api.depends("approval_ids.state")
    def _compute_approval_in_force_id(self):
        self.env["sales.approval"]._read_in_force(self)

    @api.depends(lambda self: ["approval_ids.state", *self._approval_terms_depends()])
    def _compute_approval_state(self):
        in_force = {record.id: record._approval_in_force() for record in self._origin.sudo()}
        asked = {record_id: approval for record_id, approval in in_force.items() if approval.state != "rejected"}
        matching = self._origin._approval_matching(asked)
        for record in self:
            approval = in_force.get(record._origin.id)
            if not approval:
                record.approval_state = "none"
            elif approval.state != "rejected" and record._origin.id not in matching:
                record.approval_state = "stale"
            else:
                record.approval_state = approval.state

    @api.depends("approval_state")
    @api.depends_context("uid", "lang")
    def _compute_approval_summary(self):
        approvals = self._origin.sudo()._approval_in_force()
        approvers = approvals.task_ids.filtered(lambda task: task.state == "open")._approvers()
        # Those of all documents together, so that what belongs to them is read together.
        in_force = {approval.res_id: approval for approval in approvals}
        stale = self.filtered(lambda record: record.approval_state == "stale")
        changes = stale._origin.sudo()._approval_in_force()._diffs()
        outcomes = dict(self.env["sales.approval.decision"]._fields["outcome"]._description_selection(self.env))
        for record in self:
            approval = in_force.get(record._origin.id)
            record.approval_summary = (
                self.env["ir.qweb"]._render(
                    "sales_dept_roles.approval_summary",
                    {
                        "record": record._origin,
                        "approval": approval,
                        "changes": changes.get(approval, []),
                        "approvers": approvers,
                        "outcomes": outcomes,
                    },
                )
                if approval
                else False
            )

    @api.depends("approval_state")
    @api.depends_context("uid")
    def _compute_approval_can(self):
        in_force = self._origin.sudo()._approval_in_force()
        decidable = in_force.task_ids._filter_decidable(self.env.user).approval_id
        for record in self:
            approval = record._origin.sudo()._approval_in_force()
            record.approval_can_decide = record.approval_state == "pending" and approval in decidable
            record.approval_can_withdraw = approval.state == "pending" and record._origin._approval_may_withdraw()

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        """Stored results of the engine: a client that writes them would write its own approval."""
        return super()._protected_fields() | {"approval_state", "approval_ids"}

    # === ACTIONS === #

    def action_approval_submit(self):
        """Ask for approval of the documents of `self` as they are now.

        Asking again while the same terms wait or are approved changes nothing.

        :raises UserError: when no flow is configured or the document is not ready
        """
        self.check_access("write")
        without_client_context(self)._approval_submit()
        return True

    def action_approval_approve(self, comment=False, signature=False):
        """Approve the open steps that the user holds, on each document of `self`.

        :param str comment: shown beside the signature
        :param str signature: drawing (base64); by default the one of the user's preferences
        :raises AccessError: when the user may not decide there
        """
        return self._approval_decide("approved", comment, signature)

    def action_approval_reject(self, reason=False):
        """Refuse the documents of `self`; asks for the reason where none is given."""
        if not reason:
            self._approval_check_pending()
            return self.sudo()._approval_in_force().with_env(self.env).action_reject()
        return self._approval_decide("rejected", reason, False)

    def action_approval_sign(self):
        """Open the dialog in which the user signs with a comment and a drawing."""
        self._approval_check_pending()
        return self.sudo()._approval_in_force().with_env(self.env).action_sign()

    def action_approval_withdraw(self, reason=False):
        """Take back a request that is still waiting.

        :raises AccessError: when somebody else asked, unless that person has left and the user may edit the document
        """
        for record in without_client_context(self):
            approval = record.sudo()._approval_in_force()
            if approval.state != "pending":
                raise UserError(self.env._("%(document)s is not waiting for approval.", document=record.display_name))
            if not record._approval_may_withdraw():
                raise AccessError(
                    self.env._(
                        "Only %(name)s, who asked for it, can withdraw this request.", name=approval.requester_id.name
                    )
                )
            approval._close("withdrawn", reason)
            record._approval_post(self.env._("Request for approval withdrawn. %(reason)s", reason=reason or ""))
        return True

    def _approval_may_withdraw(self):
        """Whether the user may take back the request for this document."""
        self.ensure_one()
        requester = self.sudo()._approval_in_force().requester_id
        return requester == self.env.user or (not requester.active and self.has_access("write"))

    # === ENGINE === #

    def _approval_in_force(self):
        """Return the approvals that count now: of each document, the latest that was not taken back."""
        return self.approval_in_force_id

    def _approvals_in_force(self):
        """Return ``{document id: approval in force}`` of `self`, as superuser."""
        return {record.id: record.approval_in_force_id for record in self.sudo() if record.approval_in_force_id}

    def _approval_stands(self, approval):
        """Whether `approval`, given for the terms as they are now, may stand: extensions look at what is no term."""
        self.ensure_one()
        return True

    def _approval_lacking(self):
        """Return those of `self` that have no approval which stands for them as they are now (live, set-based)."""
        (lacking,) = self.env["sales.approval"]._lacking(self)
        return lacking

    def _approval_begin_lacking(self, contents):
        """As :meth:`_approval_lacking`, in two steps; see :meth:`_approval_begin_terms`."""
        approvals = self._approvals_in_force()
        given = {record_id: approval for record_id, approval in approvals.items() if approval.state == "approved"}
        matching = self._approval_begin_matching(contents, given)

        def lacking():
            matched = matching()
            # Collected as ids: united one by one, all the documents of a company would take for ever.
            return self.browse(
                [
                    record.id
                    for record in self.sudo()
                    if record.id not in matched or not record._approval_stands(approvals[record.id])
                ]
            )

        return lacking

    def _approval_lacking_messages(self):
        """Return ``{document id: sentence}`` for `self`, which lack an approval: what is missing, who can give it."""
        approvals = self._approvals_in_force()
        return {
            record.id: record._approval_lacking_message(
                approvals.get(record.id, self.env["sales.approval"].sudo().browse())
            )
            for record in self.sudo()
        }

    def _approval_lacking_message(self, approval):
        """The sentence for one document, of which `approval` is in force, or none."""
        self.ensure_one()
        names = {"document": self._approval_title()}
        if not approval:
            return self._approval_not_asked_message()
        if approval.state == "rejected":
            return self.env._("%(document)s was refused: %(reason)s", **names, reason=approval.reason)
        if approval.state == "pending" and self._approval_matches(approval):
            return self.env._(
                "%(document)s still waits for the signature of: %(roles)s.", **names, roles=approval.waiting_for
            )
        return self.env._("%(document)s was changed after it was submitted. Submit it again.", **names)

    def _approval_not_asked_message(self):
        """The sentence for a document for which no approval was asked."""
        self.ensure_one()
        roles = self._approval_steps(self._approval_flow()).group_id.mapped("name")
        return self.env._(
            "%(document)s has not been signed off. Submit it for approval by: %(roles)s.",
            document=self._approval_title(),
            roles=", ".join(roles) or self.env._("nobody (no approval flow applies: ask your administrator)"),
        )

    def _approval_title(self):
        """What the document is called in a sentence, in the reader's language."""
        self.ensure_one()
        return self.env._("%(kind)s %(document)s", kind=self._approval_kind(), document=self._approval_document_name())

    def _approval_document_name(self):
        """What the document is called among others of its kind; kept with the request."""
        self.ensure_one()
        return self.display_name

    def _approval_check_pending(self):
        for record in self:
            if record.sudo()._approval_in_force().state != "pending":
                raise UserError(self.env._("%(document)s is not waiting for approval.", document=record.display_name))

    def _approval_submit(self):
        """Ask for approval of those of `self` for which no request waits, and no approval stands, as they are now."""
        in_force = self._approvals_in_force()
        under_way = self._approval_matching(
            {key: approval for key, approval in in_force.items() if approval.state in ("pending", "approved")}
        )
        asked = self.filtered(lambda record: record.id not in under_way)
        if not asked:
            return
        messages = asked._approval_submit_error_messages()
        for record in asked._approval_filter_ended():
            messages.setdefault(record, record._approval_ended_reason())
        if messages:
            raise UserError("\n".join(messages.values()))
        flow_of = {record: record._approval_flow() for record in asked}
        steps_of = {record: record._approval_steps(flow) for record, flow in flow_of.items()}
        for record, steps in steps_of.items():
            if not steps:
                raise UserError(
                    self.env._(
                        "No approval flow has a step for %(document)s. Ask your administrator to look at "
                        "Sales Department ‣ Configuration ‣ Approval Flows.",
                        document=record.display_name,
                    )
                )
        # Closed first: the database allows one approval in force per document.
        previous = self.env["sales.approval"].sudo().browse(in_force[key].id for key in asked.ids if key in in_force)
        previous._close("superseded")
        self.env.flush_all()
        approvals = self.env["sales.approval"]._request(flow_of, steps_of)
        asked._on_approval_requested(approvals)
        asked._approval_log(
            {
                record.id: self.env._(
                    "Approval asked of: %(roles)s.", roles=", ".join(steps_of[record].group_id.mapped("name"))
                )
                for record in asked
            }
        )

    def _approval_submit_error_messages(self):
        """Return ``{document: why it is not ready to be submitted}`` of those of `self` that are not."""
        messages = {record: record._approval_submit_error_message() for record in self}
        return {record: message for record, message in messages.items() if message}

    def _approval_decide(self, outcome, comment, signature=False):
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Documents are approved by employees only."))
        self._approval_check_pending()
        approvals = self.sudo()._approval_in_force().with_env(self.env)
        # A sentence about what one may not see would tell what it is.
        approvals.check_access("read")
        approvals._decide(outcome, comment, signature)
        return True

    def _approval_post(self, body):
        """Leave an internal note on the document, in the name of the user at work."""
        # The user deciding may have no right to write on the document they judge.
        # Nor do they follow it from now on: what the customer writes is none of theirs.
        thread = self.sudo().with_context(mark_so_as_sent=False, mail_post_autofollow_author_skip=True)
        thread.message_post(body=body, author_id=self.env.user.partner_id.id, subtype_xmlid="mail.mt_note")

    def _approval_log(self, bodies):
        """Leave a note on each of `self` that notifies nobody, in the name of the user at work (set-based).

        :param dict bodies: ``{document id: text}``
        """
        self.sudo()._message_log_batch(bodies, author_id=self.env.user.partner_id.id)

    def _approval_turns(self):
        """Return ``{document id: whose turn it is, and until when}`` of those of `self` that wait for signatures.

        :return: of each ``turn`` (names), ``due`` and ``left`` (texts for the reader) and ``is_late``
        """
        pending = self._origin.sudo().filtered(lambda document: document.approval_state == "pending")
        if not pending:
            return {}
        waiting = pending._approval_in_force().filtered(lambda approval: approval.state == "pending")
        tasks = waiting.task_ids.filtered(lambda task: task.state == "open")
        approvers = tasks._approvers()
        turns = {}
        for approval, of_approval in tasks.grouped("approval_id").items():
            users = self.env["res.users"].sudo().union(*(approvers[task] for task in of_approval))
            turns[approval.res_id] = {
                "turn": ", ".join((users or of_approval.group_id).mapped("name")),
                "due": approval._due_text(approval.deadline, approval.company_id) or "",
                "left": approval._left_text(approval.deadline, approval.company_id),
                "is_late": approval.is_overdue,
            }
        return turns

    # === HOOKS === #

    def _approval_flow(self):
        """Return the ``sales.approval.flow`` that this document follows, or none."""
        self.ensure_one()
        Flow = self.env["sales.approval.flow"]
        subject = self._approval_subject()
        return Flow._match(subject, res_model=self._name).get(subject.id, Flow)

    def _approval_steps(self, flow):
        """Return the steps of `flow` that this document is put before."""
        self.ensure_one()
        return flow.sudo().step_ids._filter_applying(self)

    @api.model
    def _approval_kind(self):
        """What this kind of document is called among approvals."""
        return self.env["ir.model"]._get(self._name).name

    def _approval_submit_error_message(self):
        """Return why the document is not ready to be submitted, or False."""
        self.ensure_one()
        return False

    def _approval_decision_error_message(self, tasks, outcome):
        """Return why the steps `tasks` cannot be decided with `outcome` yet, or False."""
        self.ensure_one()
        return False

    def _approval_action_before_decision(self, outcome):
        """Return the action that asks the user for what the decision `outcome` needs, or False when nothing lacks.

        It goes on with :meth:`sales.approval._action_open_decision_wizard`.
        """
        self.ensure_one()
        return False

    @api.model
    def _approval_allows_conditions(self):
        """Whether approvers may agree with conditions, which somebody has to accept before it counts."""
        return False

    def _prepare_approval_values(self, flow):
        """Values of the new approval of this document."""
        self.ensure_one()
        company = self.company_id or self.env.company
        return {
            "res_model": self._name,
            "res_id": self.id,
            "res_name": self._approval_document_name(),
            "flow_id": flow.id,
            "different_people": flow.different_people,
            "company_id": company.id,
            "requester_id": self.env.uid,
            "requester_name": self.env.user.name,
        }

    def _prepare_approval_terms(self):
        """Return ``{document id: values of its new approval that hold its terms}`` (set-based)."""
        spec = self._approval_spec()
        values = {}
        for lang, documents in self.sudo().grouped(lambda document: document._approval_terms_lang()).items():
            lang = lang or SOURCE_LANG
            for document_id, terms in documents._approval_terms_of(spec, lang).items():
                values[document_id] = {
                    "terms": terms,
                    "terms_spec": spec,
                    "terms_lang": lang,
                    "terms_form": FORM,
                    "digest": digest(terms, spec),
                }
        return values

    def _on_approval_requested(self, approvals):
        """Called once with the new requests for `self`, in the same order, when their first steps wait."""

    def _on_approval_asked(self, approval, tasks):
        """Called when the steps `tasks` of `approval` begin to wait for their signatures, as superuser."""

    def _on_approval_granted(self, approval):
        """Called once when the last step of `approval` was approved; the requester is told besides."""

    def _on_approval_refused(self, approval):
        """Called once when a step of `approval` was refused; the requester is told besides."""

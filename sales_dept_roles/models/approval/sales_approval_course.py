from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..protected_results.client_context import without_client_context
from .sales_approval import by_model
from .terms_reader import TermContents


class SalesApproval(models.Model):
    """The request's way: asked, decided step by step, closed."""

    _inherit = "sales.approval"

    # === ASKING === #

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
        waiting = {
            approval: documents[approval]
            for approval in approvals
            if approval.state == "pending" and documents[approval]
        }
        ended = {document for some in by_model(waiting.values()) for document in some._approval_filter_ended()}
        matching = self._filter_matching(waiting)
        return {
            approval: approval._decision_error_message(
                documents[approval], documents[approval] in ended, approval in matching, approval in decidable
            )
            for approval in approvals
        }

    @api.model
    def _filter_matching(self, documents):
        """Return those of ``{waiting approval: its document}`` whose documents are as they were asked for.

        They are looked at together, whatever models they are of.
        """
        contents = TermContents(self.env)
        begun = [
            (
                some._name,
                some._approval_begin_matching(
                    contents,
                    {document.id: approval for approval, document in documents.items() if document._name == some._name},
                ),
            )
            for some in by_model(documents.values())
        ]
        contents.complete()
        matching = {(name, document_id) for name, matched in begun for document_id in matched()}
        return self.browse().union(
            *(approval for approval, document in documents.items() if (document._name, document.id) in matching)
        )

    def _decision_error_message(self, document, is_ended, is_matching, is_decidable):
        self.ensure_one()
        if self.state != "pending":
            return self.env._("%(document)s is not waiting for a decision any more.", document=self.res_name)
        if not document:
            return self.env._("%(document)s was deleted.", document=self.res_name)
        if is_ended:
            return document._approval_ended_reason()
        if not is_matching:
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

    def _decide_possible(self, outcome, comment=False, signature=False):
        """Decide on all of `self` that the user may decide on now; see :meth:`_decide`.

        :return: the action that says what was decided, and what was not and why
        :raises UserError: when it is none of several
        """
        # A sentence about what one may not see would tell what it is.
        self.check_access("read")
        messages = self._refusals(outcome) if len(self) > 1 else {}
        decided = self.filtered(lambda approval: not messages.get(approval))
        refusals = [message for message in messages.values() if message]
        if not decided and refusals:
            raise UserError("\n".join(refusals))
        decided._decide(outcome, comment, signature)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if refusals else "success",
                "sticky": bool(refusals),
                "message": "\n".join([decided._decided_sentence(outcome), *refusals, *self._left_sentences()]),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _refusals(self, outcome):
        """As :meth:`_decision_error_messages`, and what the documents themselves lack for `outcome`."""
        messages = self._decision_error_messages()
        approvals = self.sudo()
        tasks = approvals.task_ids._filter_decidable(self.env.user)._filter_one_each()
        documents = approvals._documents()
        for approval, decided in tasks.grouped("approval_id").items():
            messages[approval] = messages[approval] or documents[approval]._approval_decision_error_message(
                decided, outcome
            )
        return messages

    def _decided_sentence(self, outcome):
        """What the user did with `self`, for themselves."""
        what = self.res_name if len(self) == 1 else self.env._("%(count)s documents", count=len(self))
        return {
            "approved": self.env._("%(documents)s: signed off.", documents=what),
            "conditional": self.env._("%(documents)s: agreed with conditions.", documents=what),
            "rejected": self.env._("%(documents)s: refused.", documents=what),
        }[outcome]

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
        for documents in by_model(decided.values()):
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
        approved = self.filtered(lambda approval: approval.state == "approved")
        refused = self - approved
        if len(self) == 1:
            names = {"kind": self.kind, "document": self.res_name}
            return (
                self.env._("%(kind)s %(document)s approved", **names)
                if approved
                else self.env._("%(kind)s %(document)s refused", **names)
            )
        parts = [
            approved and self.env._("%(count)s approved", count=len(approved)),
            refused and self.env._("%(count)s refused", count=len(refused)),
        ]
        return ", ".join(filter(None, parts))

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
            "group_name": step.group_id.name,
            "working_days": step.working_days,
            "signature_required": step.signature_required,
            "escalation_group_id": step.escalation_group_id.id,
        }

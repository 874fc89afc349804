from datetime import datetime, timedelta

from babel.dates import format_skeleton
from pytz import timezone, utc

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import formatLang, get_lang
from odoo.tools.misc import babel_locale_parse

from .glance import Fact, short_text
from .sales_approval import by_model
from .terms import FORM

# Of one document: the rest is to be read on the document itself.
MOST_CHANGES = 8


class SalesApproval(models.Model):
    """What somebody sees before they decide: on the card, in the list, in the dialog, in the mail."""

    _inherit = "sales.approval"

    glance = fields.Html("At a Glance", compute="_compute_glance", sanitize=False)
    glance_text = fields.Char("In Short", compute="_compute_glance_text")
    due_text = fields.Char("Due by", compute="_compute_due_text")

    @api.depends("state", "digest")
    @api.depends_context("lang", "uid")
    def _compute_glance(self):
        facts = self._glances()
        for approval in self:
            approval.glance = self.env["ir.qweb"]._render(
                "sales_dept_roles.approval_glance", {"facts": facts.get(approval, [])}
            )

    @api.depends("state", "digest")
    @api.depends_context("lang", "uid")
    def _compute_glance_text(self):
        facts = self._glances(is_short=True)
        for approval in self:
            approval.glance_text = short_text(facts.get(approval, []))

    @api.depends("deadline")
    @api.depends_context("lang", "tz")
    def _compute_due_text(self):
        # Most are due at the end of the same few days.
        for (deadline, company), approvals in self.grouped(
            lambda approval: (approval.deadline, approval.company_id)
        ).items():
            approvals.due_text = self._due_text(deadline, company)

    @api.model
    def _due_text(self, deadline, company):
        """Say when the naive UTC moment `deadline` is, for the reader; nothing where there is none."""
        if not deadline:
            return False
        # Who has no zone reads the company's clock.
        own = self.env.user.tz
        zone = timezone(own) if own else company._local_zone()
        now = utc.localize(fields.Datetime.now())
        return self._due_sentence(utc.localize(deadline).astimezone(zone), now.astimezone(zone))

    @api.model
    def _left_text(self, deadline, company):
        """Say how much working time is left until the naive UTC moment `deadline`; nothing on the day itself."""
        now = fields.Datetime.now()
        if not deadline or deadline < now:
            return ""
        clock = company.sudo().resource_calendar_id._working_days_from(company, now.date() - timedelta(days=1))
        days = clock.count(clock.local_date(deadline)) - clock.count(clock.local_date(now))
        if days == 1:
            return self.env._("1 working day left")
        return self.env._("%(days)s working days left", days=days) if days else ""

    @api.model
    def _due_sentence(self, due: datetime, now: datetime):
        """Say when `due` is, both in the reader's zone: in words as long as these are plain, else as a date."""
        days = (due.date() - now.date()).days
        time = due.strftime("%H:%M")
        if days < -1:
            return self.env._("%(days)s days overdue", days=-days)
        if days == -1:
            return self.env._("yesterday %(time)s", time=time)
        if days == 0:
            return self.env._("today %(time)s", time=time)
        if days == 1:
            return self.env._("tomorrow %(time)s", time=time)
        day = format_skeleton("MMMEd", due, locale=babel_locale_parse(get_lang(self.env).code))
        return f"{day} {time}"

    def _glances(self, is_short=False):
        """Return ``{approval: [.Fact]}`` of those of `self` that wait.

        :param bool is_short: what the document says in short, and no more; else also what the request itself says, and
            what changed since the document was signed last
        """
        waiting = self.filtered(lambda approval: approval.state == "pending")
        documents = {approval: document.sudo() for approval, document in waiting._documents().items() if document}
        said = {}
        for some in by_model(documents.values()):
            said.update({(some._name, key): facts for key, facts in some._approval_glance(is_short).items()})
        facts = {approval: said[document._name, document.id] for approval, document in documents.items()}
        if is_short:
            return facts
        changes = waiting._changes_since_signed()
        return {
            approval: [*approval._glance_head(), *facts[approval], *changes.get(approval, [])] for approval in documents
        }

    def _glance_head(self):
        """What the request itself says."""
        self.ensure_one()
        facts = []
        if self.partner_id:
            facts.append(Fact(self.env._("Customer"), self.partner_id.sudo().display_name))
        if self.currency_id:
            facts.append(Fact(self.env._("Amount"), formatLang(self.env, self.amount, currency_obj=self.currency_id)))
        return facts

    def _changes_since_signed(self):
        """Return ``{approval: [.Fact]}``: how what is asked for differs from what was signed of the document before."""
        before = self._signed_before()
        (self | self.sudo().union(*before.values())).fetch(["terms"])
        facts = {}
        for approval, signed in before.items():
            documents = self.env[approval.res_model].sudo()
            spec = approval.terms_spec or {}
            changes = documents._approval_terms_diff(signed.terms or {}, approval.terms or {}, spec)
            facts[approval] = [
                Fact(label, new, before=old, tone="warning") for label, old, new in changes[:MOST_CHANGES]
            ]
            if len(changes) > MOST_CHANGES:
                more = self.env._("and %(count)s more changes", count=len(changes) - MOST_CHANGES)
                facts[approval].append(Fact(self.env._("Changed"), more, tone="warning"))
        return facts

    def _signed_before(self):
        """Return ``{approval: the last one before it that all signed}`` of those of `self` that have one."""
        newest = {}
        for res_model, approvals in self.grouped("res_model").items():
            earlier = self.sudo().search(
                Domain("res_model", "=", res_model)
                & Domain("res_id", "in", approvals.mapped("res_id"))
                & Domain("state", "in", ("approved", "superseded"))
                & Domain("terms_form", ">=", FORM)
                & Domain("id", "not in", approvals.ids),
                order="id",
            )
            newest.update({(one.res_model, one.res_id): one for one in earlier if one._is_signed_by_all()})
        found = ((approval, newest.get((approval.res_model, approval.res_id))) for approval in self)
        return {approval: signed for approval, signed in found if signed and signed.id < approval.id}

    def _is_signed_by_all(self):
        """Whether all whom it was put before signed it, whatever became of it since."""
        self.ensure_one()
        is_done = all(task.state in ("done", "cancelled") for task in self.task_ids)
        return is_done and bool(self.decision_ids) and "rejected" not in self.decision_ids.mapped("outcome")

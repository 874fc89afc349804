import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.safe_eval import datetime as safe_datetime
from odoo.tools.safe_eval import safe_eval
from odoo.tools.safe_eval import time as safe_time

_logger = logging.getLogger(__name__)

# Enough to say "much": nobody waits for the exact number of a long list.
COUNT_LIMIT = 1000


class SalesDeptWorkLinkMixin(models.AbstractModel):
    """A way to documents, with a count of those that concern the person who looks, by their own rights."""

    _name = "sales.dept.work.link.mixin"
    _description = "Where Work Is"

    name = fields.Char("Label", required=True, translate=True)
    sequence = fields.Integer(default=10)
    action_id = fields.Many2one(
        "ir.actions.act_window", "Opens", ondelete="cascade", index="btree_not_null", help="The screen it opens."
    )
    action_xmlid = fields.Char(
        "Opens, by External ID",
        help="For a screen of an app that may not be installed: the link appears as soon as it is.",
    )
    res_model = fields.Char(compute="_compute_res_model")
    domain = fields.Char(
        "What Is Counted",
        help="Which of the records concern the person who looks: they are counted, and shown by one click. "
        "Empty: the screen opens as it is, without a count.",
    )
    is_waiting = fields.Boolean(
        "Needs Action",
        default=True,
        help="What is counted waits for the person who looks, so the count stands out. "
        "Off: it is the ordinary work, such as open orders.",
    )

    waiting_count = fields.Integer(
        "Count", compute="_compute_waiting_count", help="How many records concern the person who looks."
    )

    @api.depends("action_id", "action_xmlid", "domain")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_waiting_count(self):
        counts = self._waiting_counts()
        for link in self:
            link.waiting_count = counts.get(link) or 0

    @api.depends("action_id", "action_xmlid")
    def _compute_res_model(self):
        for link in self:
            link.res_model = link._action().res_model

    @api.constrains("action_id", "action_xmlid")
    def _check_action(self):
        for link in self:
            if not link.action_id and not link.action_xmlid:
                raise ValidationError(
                    self.env._("“%(name)s” leads nowhere: choose the screen that it opens.", name=link.name)
                )

    @api.constrains("domain", "action_id", "action_xmlid")
    def _check_domain(self):
        for link in self:
            self.env["sales.approval.flow"]._check_condition(link.domain, link.res_model, link.name)

    def action_open(self):
        """Open the records that wait, or the screen as it is."""
        self.ensure_one()
        if not self._filter_usable():
            raise UserError(
                self.env._(
                    "“%(name)s” opens a screen that your rights do not reach, or whose app is not installed. "
                    "Ask an administrator.",
                    name=self.name,
                )
            )
        return self._prepare_action_values()

    def _prepare_action_values(self):
        action = self._action()
        values = action._get_action_dict()
        if self.domain:
            # What was counted is what is shown: filters that the screen starts with would hide some.
            values["context"] = {
                key: value
                for key, value in self._action_context().items()
                if not key.startswith(("search_default_", "group_by"))
            }
            values["domain"] = list(self._waiting_domain())
            values["name"] = values["display_name"] = self.name
        return values

    def _action(self):
        """Return the action of the link, or an empty one where its app is not installed."""
        self.ensure_one()
        # Actions are for administrators to read; what they open is checked as the user.
        action = self.sudo().action_id
        if not action and self.action_xmlid:
            action = self.env.ref(self.action_xmlid, raise_if_not_found=False) or action
        return action.sudo() if action._name == "ir.actions.act_window" else self.env["ir.actions.act_window"]

    def _action_context(self):
        try:
            return safe_eval(self._action().context or "{}", self._eval_names())
        except ValueError:
            # It speaks of the record that such a screen is usually opened from.
            return {}

    def _eval_names(self):
        """What the texts of actions may speak of."""
        return {
            "uid": self.env.uid,
            "allowed_company_ids": self.env.companies.ids,
            "active_id": False,
            "active_ids": [],
            "context_today": lambda: fields.Date.context_today(self),
            "datetime": safe_datetime,
            "time": safe_time,
        }

    def _filter_usable(self):
        """Return the links whose screen is installed and open to the user."""

        def is_usable(link):
            action = link._action()
            return (
                action.res_model in self.env
                and (not action.group_ids or action.group_ids & self.env.user.all_group_ids)
                and self.env[action.res_model].has_access("read")
            )

        return self.filtered(is_usable)

    def _waiting_domain(self):
        """The ``Domain`` of what waits: that of the screen and that of the link."""
        self.ensure_one()
        return Domain(safe_eval(self._action().domain or "[]", self._eval_names())) & self.env[
            "sales.approval.flow"
        ]._eval_condition(self.domain)

    def _waiting_counts(self):
        """Count what waits for the user, with their own rights.

        :return: ``{link: number, or None for a link that counts nothing}``; links that the user
            cannot follow are left out. One query per distinct screen and domain.
        """
        counts, known = {}, {}
        for link in self._filter_usable():
            counts[link] = None
            if not link.domain:
                continue
            key = link._counted_key()
            if key not in known:
                known[key] = link._waiting_count()
            if known[key] is False:
                del counts[link]
            else:
                counts[link] = known[key]
        return counts

    def _counted_key(self):
        """What tells apart what is counted: links alike in it count the same."""
        self.ensure_one()
        return self.res_model, self.domain, self._action().domain

    def _waiting_count(self):
        """Return how many wait; None where that cannot be said any more, False where the user may not ask for it."""
        self.ensure_one()
        try:
            return self.env[self.res_model].search_count(self._waiting_domain(), limit=COUNT_LIMIT)
        except AccessError:
            # The domain speaks of what is hidden from them, on a post that they do not hold.
            return False
        except (KeyError, TypeError, ValueError) as error:
            # A domain may come to speak of a field that is gone with its module: the screen still opens.
            _logger.warning("The domain of the link %r cannot be read any more: %s", self.name, error)
            return None

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from odoo.addons.sales_dept_roles.models.protected_results.client_context import without_client_context


class SalesTarget(models.Model):
    """The way of a target: confirmed by each person, submitted, signed, revised."""

    _inherit = "sales.target"

    unconfirmed_count = fields.Integer("Not Confirmed Yet", compute="_compute_confirmations")
    mine_count = fields.Integer("Mine to Confirm", compute="_compute_confirmations")
    revision_ids = fields.One2many("sales.target", "previous_id", string="Revisions", readonly=True)

    @api.depends("share_ids.confirmation", "share_ids.user_id")
    @api.depends_context("uid")
    def _compute_confirmations(self):
        # How many have still to confirm is told to everybody; what they have to reach is not.
        waiting = self._unconfirmed_users()
        for target in self:
            users = waiting.get(target._origin.id, self.env["res.users"])
            target.unconfirmed_count = len(users)
            target.mine_count = int(self.env.user in users)

    def _unconfirmed_users(self):
        """Return ``{target id: those who have figures in it that they have not confirmed as they are now}``."""
        rows = (
            self.env["sales.target.share"]
            .sudo()
            ._read_group(
                Domain("target_id", "in", self._origin.ids)
                & Domain("confirmation", "!=", "confirmed")
                & Domain("user_id.active", "=", True)
                & Domain("amount", ">", 0),
                ["target_id", "user_id"],
            )
        )
        found = {}
        for target, user in rows:
            found[target.id] = found.get(target.id, self.env["res.users"]) | user
        return found

    def _unconfirmed_message(self):
        """Return who has not confirmed their figures, or False."""
        self.ensure_one()
        users = self._unconfirmed_users().get(self.id)
        return bool(users) and self.env._(
            "%(target)s: each person confirms their own figures before it is submitted. Not confirmed yet: %(names)s.",
            target=self.display_name,
            names=", ".join(users.sudo().mapped("name")),
        )

    # === ACTIONS === #

    def action_ask(self):
        """Ask each person to confirm their figures."""
        self.check_access("write")
        self._check_open()
        for target in self:
            if not target._unconfirmed_users():
                raise UserError(
                    self.env._("%(target)s: there is nobody who has still to confirm.", target=target.display_name)
                )
        self._write_protected({"asked_date": fields.Datetime.now()})
        self._approval_refresh_activities()
        return True

    def action_confirm_mine(self):
        """Confirm one's own figures as they are now: who, when and which is kept."""
        self.ensure_one()
        self.check_access("read")
        self._check_open()
        shares = self.sudo().share_ids.filtered(lambda share: share.user_id == self.env.user)
        if not shares:
            raise UserError(self.env._("%(target)s has no figures of yours to be confirmed.", target=self.display_name))
        for share in shares:
            share._write_protected(
                {
                    "confirmed_by_id": self.env.user,
                    "confirmed_date": fields.Datetime.now(),
                    "confirmed_figures": share._figures_text(),
                }
            )
        self.sudo()._message_log(
            body=self.env._("%(name)s confirmed their own figures.", name=self.env.user.name),
            author_id=self.env.user.partner_id.id,
        )
        self._approval_refresh_activities()
        return True

    def action_open_months(self):
        """Open the months of this target that the user may see."""
        self.ensure_one()
        return self._open("action_sales_target_lines", Domain("target_id", "=", self.id), {})

    def action_open_report(self):
        """Open plan against actual of this target's year."""
        self.ensure_one()
        context = {"search_default_sales": 1, "search_default_whole": 1}
        return self._open("action_sales_target_report", self._report_domain(), context)

    def action_open_versions(self):
        """Open all versions of this year's target."""
        self.ensure_one()
        domain = Domain("company_id", "=", self.company_id.id) & Domain("date_from", "=", self.date_from)
        return self._open("action_sales_targets", domain, {})

    def _open(self, xmlid, domain, context):
        action = self.env["ir.actions.act_window"]._for_xml_id(f"sales_dept_kpi.{xmlid}")
        return {**action, "domain": domain, "context": context}

    def _open_form(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    # === REVISIONS === #

    def action_revise(self):
        """Ask for the reason, and make a new version."""
        self.ensure_one()
        self._check_revisable()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Revise"),
            "res_model": "sales.target.revise",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_target_id": self.id},
        }

    def _check_revisable(self):
        self.ensure_one()
        if self.state != "approved":
            raise UserError(
                self.env._("%(target)s is not in force: there is nothing to revise.", target=self.display_name)
            )
        if begun := self.revision_ids.filtered(lambda target: not target.approved_date):
            raise UserError(
                self.env._("%(target)s is begun already: go on with it, or delete it.", target=begun[0].display_name)
            )

    @api.private
    def _revise(self, reason):
        """Return a new version of this target, with its figures and whatever was confirmed of them."""
        self.check_access("write")
        self._check_revisable()
        target = without_client_context(self).create(
            {
                "company_id": self.company_id.id,
                "date_from": self.date_from,
                "spread": "hand",
                "growth": self.growth,
                "weight_ids": [
                    Command.create({"date": weight.date, "weight": weight.weight}) for weight in self.weight_ids
                ],
            }
        )
        target._write_protected({"version": self.version + 1, "reason": reason})
        target._copy_shares(self)
        # From now on months that are locked stay as they are.
        target._write_protected({"previous_id": self})
        return target

    def _copy_shares(self, before):
        """Make the shares of the version `before` anew, month by month."""
        names = ("measure", "categ_id", "team_id", "user_id", "date_from", "date_to")
        rows = before.share_ids
        made = rows.create([{"target_id": self.id, **share._of(names)} for share in rows])
        for share, row in zip(made, rows, strict=True):
            amounts = {line.date: line.amount for line in row.line_ids}
            for line in share.line_ids:
                line.amount = amounts.get(line.date, 0)
        made.flush_recordset()
        for share, row in zip(made, rows, strict=True):
            share._write_protected(
                {
                    "last_amount": row.last_amount,
                    "confirmed_by_id": row.confirmed_by_id,
                    "confirmed_date": row.confirmed_date,
                    "confirmed_figures": row.confirmed_figures,
                }
            )

    def _locked_months(self):
        """The months whose figures are not changed any more: of a revision, those whose KPIs are locked."""
        self.ensure_one()
        if not self.previous_id:
            return set()
        locked = (
            self.env["sales.kpi.month"]
            .sudo()
            .search(
                Domain("company_id", "=", self.company_id.id)
                & Domain("state", "=", "locked")
                & Domain("date_from", ">=", self.date_from)
                & Domain("date_from", "<=", self.date_to)
            )
        )
        return set(locked.mapped("date_from"))

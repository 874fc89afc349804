from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.sales_dept_roles.models.protected_results.client_context import without_client_context

from .periods import period_of
from .sales_appraisal import OPEN
from .scores import points, ranks, rounded
from .sums import combined


class SalesAppraisal(models.Model):
    """The way of an appraisal: made, filled with the figures of locked months, decided on, released, commented."""

    _inherit = "sales.appraisal"

    # === ACTIONS === #

    def action_take_figures(self):
        """Take the KPIs of the locked months as they are now."""
        self.check_access("write")
        self._check_open()
        without_client_context(self.sudo())._take_figures()
        return True

    def action_settle(self):
        """The general manager's own word, where they rated: nobody else signs it."""
        self.check_access("write")
        for appraisal in self:
            appraisal._check_open()
            if appraisal.rater != "general_manager":
                raise UserError(
                    self.env._(
                        "%(appraisal)s is submitted to the general manager, who decides on it.",
                        appraisal=appraisal.display_name,
                    )
                )
            if message := appraisal._incomplete_message():
                raise UserError(message)
        self._write_protected({"approved_date": fields.Datetime.now(), "approver_id": self.env.user})
        return True

    def action_release(self):
        """Let the people of `self` see their appraisals, and tell them."""
        self.check_access("write")
        for appraisal in self:
            if appraisal.state != "approved":
                raise UserError(
                    self.env._("%(appraisal)s is not approved yet, or was released.", appraisal=appraisal.display_name)
                )
        self._write_protected({"released_date": fields.Datetime.now()})
        for appraisal in self:
            appraisal._tell_person()
        return True

    def _comment(self, text):
        """Keep what the person says about their own appraisal."""
        self.ensure_one()
        self.check_access("read")
        if self.user_id != self.env.user or self.state != "released":
            raise AccessError(
                self.env._("An appraisal is commented by the person whom it is about, once it is released.")
            )
        if self.comment_date:
            raise UserError(self.env._("You commented this appraisal already; what you said stays with it."))
        if not text.strip():
            raise UserError(self.env._("Write what you want to say about it."))
        self.sudo()._write_protected({"comment": text.strip(), "comment_date": fields.Datetime.now()})

    @api.readonly
    def action_open_comment(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Comment My Appraisal"),
            "res_model": "sales.appraisal.comment",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_appraisal_id": self.id},
        }

    def _tell_person(self):
        self.env["sales.dept.telling"]._notify(
            self.user_id,
            lambda reader: reader.env._("Your appraisal is there: %(period)s", period=reader._period_text()),
            lambda reader: reader.env._("Open it to read it, and to say a word about it yourself."),
            about=self,
            force_send=False,
        )

    # === MAKING === #

    @api.model
    def _rater_of(self, users):
        """Return ``{user: who rates them}``."""
        heads = self.env.ref("sales_dept_roles.group_director") | self.env.ref("sales_dept_roles.group_general_manager")
        return {user: "general_manager" if user.sudo().all_group_ids & heads.sudo() else "director" for user in users}

    @api.model
    def _make(self, company, kind, day, users):
        """Make the appraisals that `users` lack for the period of `kind` in which `day` lies; return the new ones.

        As superuser.
        """
        first, last = period_of(kind, day)
        present = self.search(
            Domain("company_id", "=", company.id) & Domain("kind", "=", kind) & Domain("date_from", "=", first)
        )
        raters = self._rater_of(users)
        appraisals = self.with_company(company).create(
            [
                {
                    "company_id": company.id,
                    "user_id": user.id,
                    "kind": kind,
                    "date_from": first,
                    "date_to": last,
                    "rater": raters[user],
                    "kpi_weight": company.sales_dept_appraisal_kpi_weight,
                    "rating_weight": company.sales_dept_appraisal_rating_weight,
                    "cap": company.sales_dept_appraisal_cap,
                }
                for user in (users - present.user_id).sorted("id")
            ]
        )
        appraisals._add_ratings()
        appraisals._take_figures()
        return appraisals

    def _add_ratings(self):
        """Give the new appraisals `self` a row for each criterion of their company, named in all languages."""
        Rating = self.env["sales.appraisal.rating"]
        for company, appraisals in self.grouped("company_id").items():
            criteria = self.env["sales.appraisal.criterion"].search([("company_id", "in", [False, company.id])])
            for criterion in criteria:
                ratings = Rating.create(
                    [
                        {
                            "appraisal_id": appraisal.id,
                            "name": criterion.name,
                            "description": criterion.description,
                            "weight": criterion.weight,
                            "sequence": criterion.sequence,
                        }
                        for appraisal in appraisals
                    ]
                )
                criterion._copy_texts_to(ratings)

    # === FIGURES === #

    def _take_figures(self):
        """Take the KPIs of the locked months of the open appraisals `self`, as superuser; one query a period."""
        self.figure_ids.unlink()
        for (company, first, last), appraisals in self.grouped(
            lambda appraisal: (appraisal.company_id, appraisal.date_from, appraisal.date_to)
        ).items():
            results = self.env["sales.kpi.result"].search(
                Domain("company_id", "=", company.id)
                & Domain("date", ">=", first)
                & Domain("date", "<=", last)
                & Domain("state", "=", "locked")
                & Domain("user_id", "in", appraisals.user_id.ids)
            )
            locked = self.env["sales.kpi.month"].search_count(
                Domain("company_id", "=", company.id)
                & Domain("date_from", ">=", first)
                & Domain("date_from", "<=", last)
                & Domain("state", "=", "locked")
            )
            appraisals._write_protected({"locked_count": locked, "figures_date": fields.Datetime.now()})
            appraisals._add_figures(results)
        self._rank()

    def _add_figures(self, results):
        of_person = defaultdict(lambda: defaultdict(lambda: self.env["sales.kpi.result"]))
        for result in results:
            of_person[result.user_id][result.kpi_id] |= result
        self.env["sales.appraisal.figure"]._keep(
            [
                appraisal._prepare_figure_values(kpi, of_kpi)
                for appraisal in self
                for kpi, of_kpi in of_person[appraisal.user_id].items()
            ]
        )

    def _prepare_figure_values(self, kpi, results):
        """Values of the figure of `kpi` by its `results` of the person in the months of the period."""
        sums = combined(kpi.measure, results._summands())
        mark = points(sums.value, sums.threshold, self.cap)
        return {
            "appraisal_id": self.id,
            "kpi_id": kpi.id,
            "name": kpi.name,
            "sequence": kpi.sequence,
            "measure": kpi.measure,
            "unit": kpi.unit,
            "numerator": float(sums.numerator),
            "denominator": float(sums.denominator),
            "value": float(sums.value or 0),
            "threshold": float(sums.threshold or 0),
            "weight": sum(results.mapped("weight")) / len(results),
            "month_count": len(results.filtered("has_value")),
            "points": float(rounded(mark) or 0),
            "has_points": mark is not None,
        }

    # === RANKING === #

    def _peers(self):
        """All appraisals of the same companies and periods as those of `self`, as superuser."""
        if not self:
            return self.sudo()
        return self.sudo().search(
            Domain.OR(
                Domain("company_id", "=", company.id) & Domain("kind", "=", kind) & Domain("date_from", "=", first)
                for company, kind, first in self.sudo().grouped(
                    lambda appraisal: (appraisal.company_id, appraisal.kind, appraisal.date_from)
                )
            )
        )

    def _rank(self):
        """Rank anew the open ones of the periods of `self`; what was submitted keeps its rank."""
        for peers in (
            self._peers()
            .grouped(lambda appraisal: (appraisal.company_id, appraisal.kind, appraisal.date_from))
            .values()
        ):
            found = ranks({appraisal: appraisal.score if appraisal.has_score else None for appraisal in peers})
            for appraisal in peers.filtered(lambda appraisal: appraisal.state in OPEN):
                values = {"rank": found.get(appraisal, 0), "rank_count": len(found)}
                if any(appraisal[name] != value for name, value in values.items()):
                    appraisal._write_protected(values)

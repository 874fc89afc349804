from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from .sales_receivable_ageing import BUCKETS

# From so many days overdue on, and not before so many reminders of lower levels, a letter is firm or final.
LEVEL_DAYS = {"2": 15, "3": 45}
REPORT = "sales_dept_kpi.action_report_collection_letter"


class SalesCollectionLetter(models.AbstractModel):
    """What a reminder asks a customer for, by currency: what is overdue, less what is disputed, less credit notes and
    payments that were not used yet. What is not due yet is left out.
    """

    _name = "sales.collection.letter"
    _description = "Reminder's Statement"

    @api.model
    def _letters(self, partners, company):
        """Return ``{customer: [statement of a currency]}`` of those that owe something, as the user at work sees it.

        A statement is a dict: ``currency``, ``rows`` (``item``, ``amount``, ``days``), ``credits`` (the same, amounts
        below 0), ``overdue``, ``credited``, ``net``, ``buckets`` (amounts of ``rows`` by days overdue).
        """
        items = self.env["sales.receivable.item"].search(
            Domain("company_id", "=", company.id) & Domain("partner_id", "in", partners.ids)
        )
        letters = {}
        for partner, of_partner in items.grouped("partner_id").items():
            statements = [
                self._statement(currency, of_currency)
                for currency, of_currency in of_partner.grouped("currency_id").items()
            ]
            if owed := [statement for statement in statements if statement["net"] > 0 and statement["rows"]]:
                letters[partner] = owed
        return letters

    @api.model
    def _statement(self, currency, items):
        rows = [
            {"item": item, "amount": amount, "days": item.days_overdue}
            for item in items
            if item.is_overdue
            and item.kind == "invoice"
            and currency.compare_amounts(amount := currency.round(item.amount - item.disputed), 0) > 0
        ]
        credits = [{"item": item, "amount": item.amount, "days": 0} for item in items if item.amount < 0]
        overdue, credited = (currency.round(sum(row["amount"] for row in part)) for part in (rows, credits))
        return {
            "currency": currency,
            "rows": rows,
            "credits": credits,
            "overdue": overdue,
            "credited": credited,
            "net": currency.round(overdue + credited),
            "buckets": self._buckets(currency, rows),
        }

    @api.model
    def _buckets(self, currency, rows):
        """The amounts of `rows` by days overdue, in the statement's own currency."""
        sums = defaultdict(float)
        for row in rows:
            for name, first, last in BUCKETS[1:]:
                if row["days"] >= first and (last is None or row["days"] <= last):
                    sums[name] += row["amount"]
        return {name: currency.round(sums[name]) for name, _first, _last in BUCKETS[1:]}

    # === LEVELS === #

    @api.model
    def _levels(self, letters, company):
        """Return ``{customer: level}`` of the `letters`: one above the highest sent for what is still open, as far as
        the days overdue allow.
        """
        partners = self.env["res.partner"].union(*letters)
        sent = defaultdict(int)
        for contact in self.env["sales.collection.contact"].search(
            Domain("company_id", "=", company.id)
            & Domain("partner_id", "in", partners.ids)
            & Domain("level", "!=", False)
        ):
            open_items = {row["item"].id for part in letters[contact.partner_id] for row in part["rows"]}
            if open_items & set(contact.sudo().move_line_ids.ids):
                sent[contact.partner_id] = max(sent[contact.partner_id], int(contact.level))
        return {partner: self._level(parts, sent[partner]) for partner, parts in letters.items()}

    @api.model
    def _level(self, parts, sent):
        days = max(row["days"] for part in parts for row in part["rows"])
        reached = max([1, *(int(level) for level, least in LEVEL_DAYS.items() if days >= least)])
        return str(min(sent + 1, reached))

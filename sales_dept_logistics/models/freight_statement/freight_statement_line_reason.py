from odoo import api, fields, models
from odoo.tools import format_amount, format_date
from odoo.tools.misc import formatLang


class FreightStatementLine(models.Model):
    """Why a line was matched or not, and why its amount differs: sentences in the reader's language."""

    _inherit = "freight.statement.line"

    match_reason = fields.Char("Why This Waybill", compute="_compute_reasons", compute_sudo=True)
    difference_reason = fields.Char("Why It Differs", compute="_compute_reasons", compute_sudo=True)

    @api.depends("match_pass", "role", "waybill_id", "expected_amount", "difference_kind", "difference_code", "amount")
    @api.depends_context("lang")
    def _compute_reasons(self):
        for line in self:
            line.match_reason = line._match_sentence()
            line.difference_reason = line._difference_sentence()

    # === MATCHING === #

    def _match_sentence(self):
        self.ensure_one()
        if self.decision == "exclude":
            return self.env._("Left out by hand: %(note)s", note=self.decision_note or "")
        if not self.role:
            return False
        if self.role == "missing":
            return self.env._(
                "We shipped it on %(date)s, and no statement has this charge yet.",
                date=format_date(self.env, self.waybill_id.shipped_date),
            )
        if not self.waybill_id:
            return self._unmatched_sentence()
        values = {"waybill": self.waybill_id.name, "date": format_date(self.env, self.waybill_id.shipped_date)}
        if self.match_pass == "number":
            return self.env._("The number is that of waybill %(waybill)s, shipped on %(date)s.", **values)
        if self.match_pass == "shipment":
            return self.env._(
                "The number is not ours, but destination, day and weight are those of waybill %(waybill)s alone, "
                "shipped on %(date)s.",
                **values,
            )
        if self.match_pass == "near":
            return self.env._(
                "One character differs from waybill %(waybill)s, shipped on %(date)s, and from no other.", **values
            )
        return self.env._("Chosen by hand: waybill %(waybill)s, shipped on %(date)s.", **values)

    def _unmatched_sentence(self):
        if other := self.other_waybill_id:
            return self.env._(
                "Waybill %(waybill)s of %(date)s went with %(carrier)s.",
                waybill=other.name,
                date=format_date(self.env, other.shipped_date),
                carrier=other.carrier_id.name,
            )
        if not self.number_key:
            return self.env._("There is no number on it, and no single shipment of that place, day and weight.")
        return self.env._(
            "We have no waybill %(number)s with this carrier, and no single shipment of that place, day and weight.",
            number=self.reference,
        )

    # === DIFFERENCES === #

    def _difference_sentence(self):
        """Why the amount differs; False where it agrees."""
        self.ensure_one()
        if not self.difference_kind:
            return False
        by_code = getattr(self, f"_sentence_{self.difference_code}", None) if self.difference_code else None
        return (by_code or getattr(self, f"_sentence_{self.difference_kind}"))()

    def _amounts(self):
        return {
            "charged": self._money(self.amount),
            "agreed": self._money(self.expected_amount),
            "difference": self._money(self.difference, signed=True),
        }

    def _money(self, amount, signed=False):
        text = format_amount(self.env, amount, self.currency_id)
        return f"+{text}" if signed and amount > 0 else text

    def _number(self, value, digits=3):
        return formatLang(self.env, value, digits=digits).rstrip("0").rstrip(".,")

    def _sentence_price(self):
        return self.env._("%(charged)s charged, %(agreed)s agreed: %(difference)s.", **self._amounts())

    def _sentence_unrated(self):
        return self.env._(
            "No price was agreed for waybill %(waybill)s: its carrier had no rate card in force that fits.",
            waybill=self.waybill_id.name,
        )

    def _sentence_currency(self):
        return self.env._(
            "It is charged in %(currency)s, and the statement is in %(other)s.",
            currency=self.currency_id.name,
            other=self.statement_id.currency_id.name,
        )

    def _sentence_netted(self):
        return self.env._("%(difference)s, corrected on the same statement.", **self._amounts())

    def _sentence_correction(self):
        return self.env._(
            "Correction of %(charged)s; %(agreed)s is still due for this charge after what was paid on %(statement)s.",
            statement=self.original_id.statement_id.name or self.statement_id.name,
            **self._amounts(),
        )

    def _sentence_weight(self):
        return self.env._(
            "%(theirs)s kg charged, %(ours)s kg chargeable (%(actual)s kg weighed): %(charged)s instead of %(agreed)s.",
            theirs=self._number(self.weight),
            ours=self._number(self.waybill_id.chargeable_weight),
            actual=self._number(self.waybill_id.weight),
            **self._amounts(),
        )

    def _sentence_twice(self):
        original = self.original_id
        return self.env._(
            "This charge of waybill %(waybill)s is billed already: %(amount)s on %(statement)s.",
            waybill=self.waybill_id.name,
            amount=self._money(original.amount),
            statement=self._place_of(original),
        )

    def _place_of(self, line):
        """Where `line` stands: statement, sheet and row."""
        row = line.row_id
        if not row:
            return line.statement_id.name
        return self.env._(
            "%(statement)s, %(sheet)s row %(row)s",
            statement=line.statement_id.name,
            sheet=row.sheet or "",
            row=row.row_number,
        )

    def _sentence_unknown(self):
        return self.env._("We know of no shipment that %(charged)s could be charged for.", **self._amounts())

    def _sentence_missing(self):
        return self.env._("%(agreed)s agreed, and not charged.", **self._amounts())

    def _sentence_carrier(self):
        return self.env._("The shipment went with %(carrier)s.", carrier=self.other_waybill_id.carrier_id.name)

    def _sentence_period(self):
        return self.env._(
            "Shipped on %(date)s, which is not within %(begin)s – %(end)s.",
            date=format_date(self.env, self.waybill_id.shipped_date),
            begin=format_date(self.env, self.statement_id.date_from),
            end=format_date(self.env, self.statement_id.date_to),
        )

    def _sentence_tax(self):
        agreed = self.statement_id._agreed_tax_rate()
        if agreed is not None and abs(agreed - self.tax_rate) > 0.001:
            return self.env._(
                "%(theirs)s%% tax charged, %(ours)s%% agreed.",
                theirs=self._number(self.tax_rate),
                ours=self._number(agreed),
            )
        # The tax of a row is on all its charges.
        taxed = sum(self.row_id.line_ids.mapped("amount")) if self.row_id else self.amount
        return self.env._(
            "%(tax)s is not %(rate)s%% of %(charged)s.",
            tax=self._money(self.tax_amount),
            rate=self._number(self.tax_rate),
            charged=self._money(taxed),
        )

    def _sentence_surcharge(self):
        return self.env._(
            "“%(charge)s” was not agreed for waybill %(waybill)s: %(charged)s.",
            charge=self.kind_id.name or self.charge_label or "",
            waybill=self.waybill_id.name,
            **self._amounts(),
        )

    def _sentence_rounding(self):
        return self.env._("%(difference)s, within what is tolerated.", **self._amounts())

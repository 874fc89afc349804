from odoo import api, fields, models
from odoo.fields import Domain


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    @api.model
    def _next_many(self, code, count, sequence_date=None):
        """Return the `count` next numbers of the sequence `code`, as that many calls of :meth:`next_by_code` would.

        By one query; of a sequence without gaps each is asked for.

        :param sequence_date: the day whose period counts, where there are periods; by default today
        """
        whose = Domain("code", "=", code) & Domain("company_id", "in", [self.env.company.id, False])
        sequence = self.search(whose, order="company_id", limit=1)
        if not sequence or sequence.implementation != "standard":
            return [self.next_by_code(code, sequence_date=sequence_date) for _number in range(count)]
        counter = f"ir_sequence_{sequence.id:03d}"
        if sequence.use_date_range:
            period = sequence._period_of(sequence_date)
            counter += f"_{period.id:03d}"
            sequence = sequence.with_context(ir_sequence_date_range=period.date_from)
        self.env.cr.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [counter, count])
        return [sequence.get_next_char(number) for number in self.env.cr.fetchall()]

    def _period_of(self, day=None):
        """The period whose numbers count on `day`, made where there is none, as Odoo does for each number."""
        self.ensure_one()
        day = day or self.env.context.get("ir_sequence_date", fields.Date.today())
        within = Domain("date_from", "<=", day) & Domain("date_to", ">=", day)
        period = self.env["ir.sequence.date_range"].search(Domain("sequence_id", "=", self.id) & within, limit=1)
        return period or self._create_date_range_seq(day)

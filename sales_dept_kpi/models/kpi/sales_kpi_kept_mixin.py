from odoo import api, fields, models


class SalesKpiKeptMixin(models.AbstractModel):
    """A KPI's figure as a document keeps it: as it stood when it was taken, under the name that it had then.

    The system makes them; nobody has the right to make, change or delete one. The name is kept in all languages.
    """

    _name = "sales.kpi.kept.mixin"
    _description = "Figure of a KPI, Kept"

    sequence = fields.Integer(readonly=True)
    kpi_id = fields.Many2one("sales.kpi", "KPI", readonly=True, index="btree_not_null", ondelete="set null")
    name = fields.Char("Figure", translate=True, readonly=True)
    measure = fields.Char(readonly=True)
    unit = fields.Char(readonly=True)
    numerator = fields.Float(digits=(16, 4), readonly=True, aggregator=None)
    denominator = fields.Float(digits=(16, 4), readonly=True, aggregator=None)
    value = fields.Float("Result", digits=(16, 4), readonly=True, aggregator=None)
    threshold = fields.Float(digits=(16, 4), readonly=True, aggregator=None)

    @api.model
    def _keep(self, vals_list):
        """Make the figures of `vals_list`, and keep the names of their KPIs in all languages, whatever these become."""
        figures = self.create(vals_list)
        for kpi, of_kpi in figures.grouped("kpi_id").items():
            for lang, _name in self.env["res.lang"].get_installed():
                of_kpi.with_context(lang=lang).name = kpi.with_context(lang=lang).name
        return figures

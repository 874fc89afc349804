from odoo import api, models

from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn

from .freight_statement_dispute_line import neutral


class FreightStatementLine(models.Model):
    """Lines as XLSX."""

    _inherit = "freight.statement.line"

    @api.model
    def _register_title(self):
        return self.env._("Freight Statement Lines")

    @api.model
    def _register_columns(self):
        return [
            "statement_id",
            RegisterColumn("reference", width=22, value=lambda line: neutral(line.reference)),
            "waybill_id",
            "ship_date",
            RegisterColumn("destination", width=16, value=lambda line: neutral(line.destination)),
            "weight",
            RegisterColumn("charge_label", width=14, value=lambda line: neutral(line.charge_label)),
            "kind_id",
            "amount",
            "expected_amount",
            "difference",
            "difference_kind",
            RegisterColumn("difference_reason", width=60),
            RegisterColumn("match_reason", width=60),
            "role",
            "decision",
            RegisterColumn("decision_note", width=24, value=lambda line: neutral(line.decision_note)),
            "payable_amount",
        ]

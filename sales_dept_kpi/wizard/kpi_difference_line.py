from odoo import fields, models

READONLY = {"digits": 0, "readonly": True}


class SalesKpiDifferenceLine(models.TransientModel):
    _name = "sales.kpi.difference.line"
    _description = "Document That Counts Otherwise Now"
    _order = "kpi_id, user_id, id"

    difference_id = fields.Many2one(
        "sales.kpi.difference", required=True, readonly=True, ondelete="cascade", index=True
    )
    kpi_id = fields.Many2one("sales.kpi", "KPI", readonly=True)
    user_id = fields.Many2one("res.users", "Person", readonly=True)
    name = fields.Char("Document", readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    kept_numerator = fields.Float("Reached Then", **READONLY)
    now_numerator = fields.Float("Reached Now", **READONLY)
    kept_denominator = fields.Float("Out Of Then", **READONLY)
    now_denominator = fields.Float("Out Of Now", **READONLY)

from odoo import api, fields, models

READONLY = {"digits": 0, "readonly": True, "aggregator": None}


class SalesKpiThresholdLog(models.Model):
    """Who set, changed or removed a threshold or a weight, when, and from what to what.

    Nobody writes it but the thresholds themselves: months that are open follow these, and people are judged by them.
    """

    _name = "sales.kpi.threshold.log"
    _description = "Change of a Threshold"
    _order = "id desc"
    _rec_name = "kpi_id"

    kpi_id = fields.Many2one("sales.kpi", "KPI", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", readonly=True, index="btree_not_null", ondelete="cascade")
    date = fields.Datetime("Done On", required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one("res.users", "Done By", required=True, readonly=True, ondelete="restrict")
    kind = fields.Selection(
        [("set", "Set"), ("changed", "Changed"), ("removed", "Removed")], string="Action", required=True, readonly=True
    )
    date_from = fields.Date("From Month", required=True, readonly=True)
    person_id = fields.Many2one("res.users", readonly=True, index="btree_not_null", ondelete="restrict")
    role_id = fields.Many2one("sales.dept.role", "Post", readonly=True, index="btree_not_null", ondelete="restrict")
    threshold_before = fields.Float(**READONLY)
    threshold = fields.Float("Threshold After", **READONLY)
    weight_before = fields.Float(**READONLY)
    weight = fields.Float("Weight After", **READONLY)

    @api.model
    @api.private
    def _keep(self, changes):
        """Keep `changes`: pairs of a threshold before and after, None where there was or is none."""
        rows = []
        for before, after in sorted(changes, key=lambda pair: (pair[0] or pair[1]).id):
            if before and after and before.whose == after.whose:
                rows.append(self._prepare_values("changed", before, after))
                continue
            # What is for another month or for others now was removed there, and set here.
            rows += [self._prepare_values("removed", before, None)] if before else []
            rows += [self._prepare_values("set", None, after)] if after else []
        return self.create(rows)

    @api.model
    def _prepare_values(self, kind, before, after):
        kpi, company, date_from, person, post = (after or before).whose
        values = {"kind": kind, "kpi_id": kpi, "company_id": company, "date_from": date_from, "user_id": self.env.uid}
        values |= {"person_id": person, "role_id": post}
        for suffix, line in (("_before", before), ("", after)):
            if line:
                values |= {f"threshold{suffix}": line.asked[0], f"weight{suffix}": line.asked[1]}
        return values

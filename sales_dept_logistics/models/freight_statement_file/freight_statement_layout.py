from odoo import api, fields, models
from odoo.fields import Domain

# What is remembered of a column.
KEPT = ("position", "heading", "field", "kind", "sign", "with_tax")
LONGEST = 500


class FreightStatementLayout(models.Model):
    """How the files of a carrier are read: what somebody confirmed for these headings holds for those to come.

    Confirming a file writes it, and nobody else; whoever may confirm files may delete it, and is asked anew then.
    """

    _name = "freight.statement.layout"
    _description = "Layout of a Carrier's Files"
    _order = "carrier_id, write_date desc"
    _rec_name = "headings"
    _check_company_auto = True

    carrier_id = fields.Many2one(
        "delivery.carrier", required=True, readonly=True, ondelete="cascade", check_company=True, index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    signature = fields.Char(required=True, readonly=True, help="The same for the same headings.")
    headings = fields.Char(readonly=True)
    reading = fields.Json(readonly=True, help="Which column is what, and the order of days in texts.")

    _once = models.Constraint(
        "UNIQUE (company_id, carrier_id, signature)", "A carrier's headings are read in one way: delete the other one."
    )

    @api.model
    def _known(self, carrier, company):
        """``{signature: reading}`` of a carrier."""
        layouts = self.sudo().search(self._of(carrier, company))
        return {layout.signature: layout.reading for layout in layouts}

    @api.model
    def _remember(self, carrier, company, readings):
        """Keep how the `readings` of a confirmed file are read."""
        layouts = self.sudo().search(self._of(carrier, company)).grouped("signature")
        for reading in {reading["signature"]: reading for reading in readings}.values():
            values = {
                "reading": {
                    "columns": [{name: column.get(name) for name in KEPT} for column in reading["columns"]],
                    "date_order": reading["date_order"],
                },
                "headings": " | ".join(filter(None, (column["heading"] for column in reading["columns"])))[:LONGEST],
            }
            if layout := layouts.get(reading["signature"]):
                layout.write(values)
            else:
                key = {"carrier_id": carrier.id, "company_id": company.id, "signature": reading["signature"]}
                self.sudo().create({**key, **values})

    @api.model
    def _of(self, carrier, company):
        return Domain("carrier_id", "=", carrier.id) & Domain("company_id", "=", company.id)

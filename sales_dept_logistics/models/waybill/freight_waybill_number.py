from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.sales_dept_roles.models.protected_results.key import Key


class FreightWaybill(models.Model):
    """Which shipment a number stands for.

    A number is compared in one form, by the rules of its carrier. Carriers use numbers again: within
    `number_reuse_days` of the carrier it is the same shipment, after that another one, with a higher `number_use`.
    The month of shipping would not do instead: what leaves on the 31st may be written down with the 1st.
    """

    _inherit = "freight.waybill"

    number_key = Key(
        "Compared Number",
        compute="_compute_number_key",
        store=True,
        index=True,
        help="The number as it is compared: capital letters, without spaces, with the carrier's prefix.",
    )
    number_use = fields.Integer(
        "Use of the Number",
        default=1,
        required=True,
        copy=False,
        help="1, until the carrier gives the number to another shipment.",
    )
    number_fits = fields.Boolean(
        compute="_compute_number_key", store=True, help="The number looks as this carrier's numbers do."
    )
    same_number_id = fields.Many2one(
        "freight.waybill", "Earlier Waybill", compute="_compute_same_number_id", compute_sudo=True
    )

    _number_unique = models.UniqueIndex(
        "(company_id, carrier_id, number_key, number_use)",
        "This carrier has a waybill of that number already: open that one. Where the carrier gave the number to "
        "another shipment, raise the use of the number.",
    )
    _number_use_counts = models.Constraint("CHECK (number_use >= 1)", "Uses of a number are counted from 1.")
    _number_there = models.Constraint(
        "CHECK (number_key <> '')", "A waybill has a number: there is no letter and no digit in it."
    )

    @api.depends(
        "name",
        "carrier_id.number_prefix",
        "carrier_id.number_digits",
        "carrier_id.number_keeps_case",
        "carrier_id.number_keeps_dashes",
    )
    def _compute_number_key(self):
        for waybill in self:
            rules = waybill.carrier_id.sudo()._number_rules()
            waybill.number_key = rules.key(waybill.name)
            waybill.number_fits = rules.fits(waybill.number_key)

    @api.depends("company_id", "carrier_id", "number_key")
    def _compute_same_number_id(self):
        there = self._waybills_by_number([waybill._number() for waybill in self])
        for waybill in self:
            others = there.get(waybill._number(), self.browse()) - waybill._origin
            waybill.same_number_id = others[:1]

    def _number(self):
        """What `self` is found by: ``(company id, carrier id, key)``."""
        return self.company_id.id, self.carrier_id._origin.id, self.number_key or ""

    @api.model
    def _waybills_by_number(self, numbers):
        """Return ``{(company id, carrier id, key): waybills, the latest first}`` of all `numbers`, in one query."""
        numbers = {number for number in numbers if all(number)}
        if not numbers:
            return {}
        companies, carriers, keys = (list(set(column)) for column in zip(*numbers, strict=True))
        waybills = self.sudo().search_fetch(
            Domain("company_id", "in", companies)
            & Domain("carrier_id", "in", carriers)
            & Domain("number_key", "in", keys),
            ["company_id", "carrier_id", "number_key", "number_use", "shipped_date"],
        )
        return waybills.grouped(lambda waybill: waybill._number())

    def _of_shipment(self, day):
        """That one of `self`, which are of one number, that what left on `day` belongs to; none: another shipment."""
        nearest = self.sorted(lambda waybill: (abs(waybill.shipped_date - day), waybill.id))[:1]
        limit = nearest.carrier_id.number_reuse_days
        return nearest if nearest and (not limit or abs(nearest.shipped_date - day).days <= limit) else self.browse()

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(self._with_number_uses(vals_list))

    @api.model
    def _with_number_uses(self, vals_list):
        """Return `vals_list` with the use of each number; the one that is there where it is the same shipment.

        Then the database refuses the second waybill of that shipment.
        """
        if all("number_use" in vals for vals in vals_list):
            return vals_list
        numbers = [self._number_of_values(vals) for vals in vals_list]
        there = self._waybills_by_number(numbers)
        result = []
        for number, vals in zip(numbers, vals_list, strict=True):
            waybills = there.get(number, self.browse())
            day = (
                fields.Date.to_date(vals.get("shipped_date"))
                or self.env["res.company"].browse(number[0])._local_today()
            )
            same = waybills._of_shipment(day)
            use = same.number_use if same else max(waybills.mapped("number_use"), default=0) + 1
            result.append({"number_use": use, **vals})
        return result

    @api.model
    def _number_of_values(self, vals):
        company = vals.get("company_id") or self.env.context.get("default_company_id") or self.env.company.id
        carrier_id = vals.get("carrier_id") or self.env.context.get("default_carrier_id")
        carrier = self.env["delivery.carrier"].sudo().browse(carrier_id)
        return company, carrier.id, carrier._number_key(vals.get("name"))

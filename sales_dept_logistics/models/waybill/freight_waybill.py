from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.sales_dept_roles.models.clock.bounds import check_dates


class FreightWaybill(models.Model):
    """One shipment under one number of a carrier (物流单据): what its statement is compared with.

    The record is the shipment, not its number: carriers use numbers again (`freight_waybill_number`). Most waybills
    are made by the deliveries themselves (`stock_picking`); what they weigh follows from their deliveries, until
    somebody writes down what the carrier's scales say.
    """

    _name = "freight.waybill"
    _description = "Waybill"
    _inherit = ["mail.thread.main.attachment", "mail.activity.mixin", "sales.dept.protected.mixin"]
    _order = "shipped_date desc, id desc"
    _rec_names_search = ["name", "number_key"]
    _check_company_auto = True

    name = fields.Char("Waybill No.", required=True, tracking=True, help="As it is written on the paper.")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    carrier_id = fields.Many2one(
        "delivery.carrier", required=True, index=True, ondelete="restrict", check_company=True, tracking=True
    )
    carrier_partner_id = fields.Many2one(related="carrier_id.partner_id", related_sudo=True)
    source = fields.Selection(
        [("hand", "Written by hand"), ("delivery", "Made by a delivery"), ("import", "Imported")],
        "Made By",
        default="hand",
        required=True,
        readonly=True,
    )
    shipped_date = fields.Date(
        "Date Shipped",
        required=True,
        default=lambda self: self.env.company._local_today(),
        compute="_compute_shipped_date",
        store=True,
        readonly=False,
        index=True,
        tracking=True,
        help="When the goods left, on the company's calendar, whenever the waybill was written down.",
    )
    statement_month = fields.Date(
        "Month",
        compute="_compute_statement_month",
        store=True,
        index=True,
        help="The first day of the month on whose statement it stands, by the carrier's closing day.",
    )
    mode = fields.Selection(
        selection=lambda self: self.env["delivery.carrier"]._fields["transport_mode"]._description_selection(self.env),
        string="Transport",
        compute="_compute_mode",
        store=True,
        readonly=False,
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Delivered To",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        check_company=True,
    )
    zone = fields.Char(
        compute="_compute_zone",
        store=True,
        readonly=False,
        help="Where it goes, in the words of the carrier's price list.",
    )
    pieces = fields.Integer(compute="_compute_load", store=True, readonly=False)
    weight = fields.Float(
        "Weight (kg)", digits=(16, 3), compute="_compute_load", store=True, readonly=False, tracking=True
    )
    volume = fields.Float(
        "Volume (m³)", digits=(16, 6), compute="_compute_load", store=True, readonly=False, tracking=True
    )
    chargeable_weight = fields.Float(
        "Chargeable Weight (kg)", digits=(16, 3), compute="_compute_chargeable_weight", store=True
    )
    picking_ids = fields.Many2many(
        "stock.picking",
        "freight_waybill_picking_rel",
        "waybill_id",
        "picking_id",
        "Delivery Orders",
        check_company=True,
        copy=False,
        domain="[('picking_type_code', 'in', ('outgoing', 'dropship'))]",
    )
    delivery_names = fields.Char("Delivery Notes", compute="_compute_document_names", compute_sudo=True)
    order_names = fields.Char("Orders", compute="_compute_document_names", compute_sudo=True)
    signed_date = fields.Date("Date Signed For", tracking=True, copy=False)
    signed_by = fields.Char(copy=False, help="Who took the goods, as written on the receipt.")
    note = fields.Text("Remark")

    _loads = models.Constraint(
        "CHECK (pieces >= 0 AND weight >= 0 AND volume >= 0)", "Pieces, weight and volume are not negative."
    )
    _signed_after_shipped = models.Constraint(
        "CHECK (signed_date >= shipped_date)", "Goods are not signed for before they were shipped."
    )
    _folder_idx = models.Index("(company_id, carrier_id, statement_month)")

    # === COMPUTES === #

    @api.depends("picking_ids.date_done")
    def _compute_shipped_date(self):
        for waybill in self:
            done = waybill.picking_ids.sudo().filtered(lambda picking: picking.state == "done" and picking.date_done)
            day = min((picking._shipped_day() for picking in done), default=waybill.shipped_date)
            # Signed for before it left: then the delivery was written down late, and may not fail for it.
            late = waybill.signed_date and day and day > waybill.signed_date
            waybill.shipped_date = waybill.shipped_date if late else day

    @api.depends("shipped_date", "carrier_id.closing_day")
    def _compute_statement_month(self):
        for waybill in self:
            waybill.statement_month = waybill.carrier_id.sudo()._statement_month(waybill.shipped_date)

    @api.depends("carrier_id")
    def _compute_mode(self):
        for waybill in self:
            waybill.mode = waybill.carrier_id.sudo().transport_mode or waybill.mode

    @api.depends("picking_ids")
    def _compute_partner_id(self):
        for waybill in self:
            waybill.partner_id = waybill.picking_ids.sudo().partner_id[:1] or waybill.partner_id

    @api.depends("partner_id")
    def _compute_zone(self):
        for waybill in self:
            partner = waybill.partner_id.sudo()
            waybill.zone = partner.state_id.name or partner.city or partner.country_id.name or waybill.zone

    @api.depends("picking_ids")
    def _compute_load(self):
        """What its deliveries put under its number; without any it is what somebody writes."""
        loads = self.picking_ids._origin.sudo()._waybill_loads()
        for waybill in self:
            number = (waybill.carrier_id._origin, waybill.number_key)
            parts = [load for picking in waybill.picking_ids._origin if (load := loads[picking].get(number))]
            known = [part for part in parts if part.is_known]
            waybill.pieces = sum(part.pieces for part in known) or waybill.pieces or 1
            waybill.weight = sum(part.weight for part in known) if known else waybill.weight
            waybill.volume = sum(part.volume for part in known) if known else waybill.volume

    @api.depends("weight", "volume", "carrier_id")
    def _compute_chargeable_weight(self):
        # Not on the carrier's divisor and step: what left under the old ones stays as it was charged.
        for waybill in self:
            waybill.chargeable_weight = waybill.carrier_id.sudo()._chargeable_weight(waybill.weight, waybill.volume)

    @api.depends("picking_ids.name", "picking_ids.sale_id.name")
    def _compute_document_names(self):
        for waybill in self:
            waybill.delivery_names = ", ".join(waybill.picking_ids.mapped("name")) or False
            waybill.order_names = ", ".join(waybill.picking_ids.sale_id.mapped("name")) or False

    @api.constrains("shipped_date", "signed_date")
    def _check_dates(self):
        check_dates(self, "shipped_date", "signed_date")
        for waybill in self:
            today = waybill.company_id._local_today()
            if max(waybill.shipped_date, waybill.signed_date or waybill.shipped_date) > today:
                raise ValidationError(
                    self.env._(
                        "%(waybill)s: what is still to come is not on a waybill yet. Enter the day on which the goods "
                        "left, or were signed for.",
                        waybill=waybill.name,
                    )
                )

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            "number_key",
            "number_fits",
            "source",
            "statement_month",
            "chargeable_weight",
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_shipped(self):
        """The delivery would lack its waybill, and the carrier's charge the shipment that it is for."""
        for waybill in self.sudo():
            if waybill.picking_ids:
                raise UserError(
                    self.env._(
                        "%(waybill)s stands on %(deliveries)s. Correct the tracking reference there, and the waybill "
                        "follows.",
                        waybill=waybill.name,
                        deliveries=waybill.delivery_names,
                    )
                )

    def _is_kept(self):
        """Whether a waybill that no delivery names any more stays: somebody wrote it down, or put something on it."""
        self.ensure_one()
        return self.source != "delivery" or bool(self.paper_count or self.signed_date)

    def _weigh_again(self):
        """Let pieces, weight and volume follow the deliveries anew, whose packages got other numbers."""
        for name in ("pieces", "weight", "volume"):
            self.env.add_to_compute(self._fields[name], self)

    # === ACTIONS === #

    @api.model
    def _action_open(self, domain, new_values=None):
        """The action that shows the waybills of `domain`; a form where there is one only."""
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_logistics.action_freight_waybills")
        waybills = self.search(domain, limit=2)
        action.update(domain=list(domain), context=new_values or {})
        if len(waybills) == 1:
            action.update(views=[(False, "form")], res_id=waybills.id)
        return action

    def action_view_pickings(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("stock.action_picking_tree_all")
        action.update(domain=[("id", "in", self.picking_ids.ids)], context={"create": False})
        if len(self.picking_ids) == 1:
            action.update(views=[(False, "form")], res_id=self.picking_ids.id)
        return action

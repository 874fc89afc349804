import math

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import formatLang

from odoo.addons.sales_dept_roles.models.telling.quantity_text import quantity_text

from .entered_quantity import entered_quantity
from .sale_delivery_notice import ACCEPTED, EDITABLE, OPEN

# What the warehouse notes while it loads.
LOADED = {"qty_loaded", "left_reason"}


class SaleDeliveryNoticeLine(models.Model):
    """Goods of one order line on a delivery notice, in the unit of that line."""

    _name = "sale.delivery.notice.line"
    _description = "Delivery Notice Line"
    _inherit = ["sales.dept.protected.mixin"]
    _order = "notice_id, sequence, id"
    _check_company_auto = True

    notice_id = fields.Many2one("sale.delivery.notice", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(related="notice_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="notice_id.partner_id")
    state = fields.Selection(related="notice_id.state", string="Notice Status")
    sale_line_id = fields.Many2one(
        "sale.order.line", "Order Line", required=True, ondelete="restrict", index=True, check_company=True
    )
    order_id = fields.Many2one(related="sale_line_id.order_id", store=True, index=True, string="Order No.")
    product_id = fields.Many2one(related="sale_line_id.product_id", store=True, index=True)
    description = fields.Text(compute="_compute_description", store=True, precompute=True)
    product_uom_id = fields.Many2one(related="sale_line_id.product_uom_id", store=True, string="Unit")
    quantity = fields.Float(required=True, digits="Product Unit")
    customer_part_number = fields.Char(
        "Customer's Part No.", compute="_compute_customer_part_number", store=True, readonly=False, precompute=True
    )
    customer_order_number = fields.Char(
        "Customer's Order No.", compute="_compute_customer_order_number", store=True, readonly=False, precompute=True
    )
    qty_loaded = fields.Float("Loaded", digits="Product Unit", copy=False)
    left_reason = fields.Char("Why Not All", copy=False, help="Why not all that was noticed was loaded.")
    shipment_ids = fields.One2many("sale.delivery.notice.shipment", "line_id", "Shipments")
    qty_shipped = fields.Float("Shipped", compute="_compute_qty_shipped", store=True, digits="Product Unit")
    qty_to_notice = fields.Float("May Still Be Noticed", related="sale_line_id.qty_to_notice")
    qty_received = fields.Float("Received", digits="Product Unit", readonly=True, copy=False)
    qty_damaged = fields.Float("Damaged", digits="Product Unit", readonly=True, copy=False)
    qty_lost = fields.Float("Lost", digits="Product Unit", readonly=True, copy=False)
    qty_refused = fields.Float("Refused", digits="Product Unit", readonly=True, copy=False)
    sign_reason = fields.Char("Reason", readonly=True, copy=False)
    is_short = fields.Boolean("Not All Received", compute="_compute_is_short", store=True)

    _quantity_positive = models.Constraint("CHECK (quantity > 0)", "A delivery notice is for more than nothing.")
    _loaded_not_negative = models.Constraint("CHECK (qty_loaded >= 0)", "Less than nothing cannot be loaded.")
    _received_not_negative = models.Constraint(
        "CHECK (qty_received >= 0 AND qty_damaged >= 0 AND qty_lost >= 0 AND qty_refused >= 0)",
        "Less than nothing cannot be received, damaged, lost or refused.",
    )
    _sale_line_once = models.UniqueIndex(
        "(notice_id, sale_line_id)", "An order line stands on a delivery notice once: change its quantity instead."
    )

    # === COMPUTES === #

    @api.depends("sale_line_id")
    def _compute_description(self):
        for line in self:
            line.description = line.description or line.sale_line_id.name

    @api.depends("sale_line_id")
    def _compute_customer_part_number(self):
        """As it is kept when the notice is made; what is kept later changes no paper."""
        for line in self:
            line.customer_part_number = line.customer_part_number or line.sale_line_id.sudo().customer_part_number

    @api.depends("sale_line_id")
    def _compute_customer_order_number(self):
        for line in self:
            line.customer_order_number = line.customer_order_number or line.sale_line_id.order_id.client_order_ref

    @api.depends("shipment_ids.quantity", "sale_line_id")
    def _compute_qty_shipped(self):
        """Of a kit as many are shipped as all of its components make."""
        components_of = self.filtered("shipment_ids").sale_line_id._notice_components()
        for line in self:
            shipped = {}
            for shipment in line.shipment_ids:
                product = shipment.move_id.product_id
                shipped[product] = shipped.get(product, 0.0) + shipment.quantity
            components = components_of[line.sale_line_id] if shipped else {}
            line.qty_shipped = line.product_uom_id.round(
                min((shipped.get(product, 0.0) for product in components), default=0.0)
            )

    @api.depends("qty_received", "qty_shipped", "notice_id.state")
    def _compute_is_short(self):
        for line in self:
            is_signed = line.notice_id.state == "signed"
            line.is_short = is_signed and line.product_uom_id.compare(line.qty_received, line.qty_shipped) < 0

    # === CONSTRAINTS === #

    @api.constrains("sale_line_id", "notice_id")
    def _check_order(self):
        for line in self.sudo():
            order = line.sale_line_id.order_id
            if order.partner_id.commercial_partner_id != line.notice_id.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(order)s is for %(customer)s: a delivery notice is for orders of one customer.",
                        order=order.name,
                        customer=order.partner_id.commercial_partner_id.display_name,
                    )
                )
            if order.company_id != line.notice_id.company_id:
                raise ValidationError(
                    self.env._(
                        "%(order)s is of %(company)s: a delivery notice is for orders of one company.",
                        order=order.name,
                        company=order.company_id.name,
                    )
                )
            if not line.sale_line_id._is_goods():
                raise ValidationError(
                    self.env._(
                        "%(line)s is nothing that is shipped.", line=line.sale_line_id.product_id.display_name or "-"
                    )
                )

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            "qty_shipped",
            "shipment_ids",
            "qty_received",
            "qty_damaged",
            "qty_lost",
            "qty_refused",
            "sign_reason",
            "is_short",
        }

    @api.model_create_multi
    def create(self, vals_list):
        self._check_editable(self.notice_id.browse({vals["notice_id"] for vals in vals_list if vals.get("notice_id")}))
        # Of all lines by one query, whatever each of them takes over.
        sale_lines = self.sale_line_id.browse({vals["sale_line_id"] for vals in vals_list if vals.get("sale_line_id")})
        sale_lines.sudo().mapped("customer_part_number")
        return super().create(vals_list)

    def write(self, vals):
        notices = self.notice_id | self.notice_id.browse(vals.get("notice_id") or ())
        self._check_editable(notices, is_loading=not vals.keys() - LOADED)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        self._check_editable(self.notice_id)

    @api.model
    def _check_editable(self, notices, is_loading=False):
        """:raises UserError: when lines of `notices` that were issued would change

        :param bool is_loading: only what the warehouse notes while it loads
        """
        for notice in notices:
            if notice.state in EDITABLE and not is_loading:
                continue
            if is_loading and notice.state in ACCEPTED:
                notice._check_warehouse()
                continue
            if is_loading:
                raise UserError(
                    self.env._("%(notice)s: goods are loaded once the warehouse accepted it.", notice=notice.name)
                )
            raise UserError(
                self.env._(
                    "%(notice)s was issued, so its lines are changed no more. Cancel it and make a new one, or have "
                    "the warehouse send it back.",
                    notice=notice.name,
                )
            )

    def _copy_commands(self):
        """Commands that make lines like `self` on another notice."""
        names = ("sequence", "quantity", "customer_part_number", "customer_order_number")
        return [
            Command.create({"sale_line_id": line.sale_line_id.id, **{name: line[name] for name in names}})
            for line in self
        ]

    # === BUSINESS === #

    def _qty_open(self):
        """What is noticed and has not left."""
        self.ensure_one()
        return max(self.quantity - self.qty_shipped, 0.0) if self.notice_id.state in OPEN else 0.0

    def _is_open(self):
        return self.product_uom_id.compare(self.quantity, self.qty_shipped) > 0

    def _qty_allowed(self, product, factor):
        """How much of `product` may still leave against this line, in the product's own unit.

        :param float factor: how much of it one unit of the line takes
        """
        left = sum(shipment.quantity for shipment in self.shipment_ids if shipment.move_id.product_id == product)
        return max(self.quantity - left, 0.0) * factor

    def _prepare_shipment_values(self, move, quantity):
        self.ensure_one()
        # With its company, which is looked up for each otherwise.
        return {"line_id": self.id, "move_id": move.id, "quantity": quantity, "company_id": self.company_id.id}

    def _note_received(self, values):
        """Note what the customer received of what was shipped; all of it where nothing is said."""
        self.ensure_one()
        values = self._prepare_received_values(values or {})
        amiss = sum(values.get(name) or 0.0 for name in ("qty_damaged", "qty_lost", "qty_refused"))
        values.setdefault("qty_received", max(self.qty_shipped - amiss, 0.0))
        total = amiss + values["qty_received"]
        if self.product_uom_id.compare(total, self.qty_shipped):
            raise UserError(
                self.env._(
                    "%(product)s: %(shipped)s %(unit)s were shipped, and what was received, damaged, lost and refused "
                    "makes %(total)s.",
                    product=self.product_id.display_name,
                    shipped=quantity_text(self.env, self.qty_shipped),
                    unit=self.product_uom_id.name,
                    total=quantity_text(self.env, total),
                )
            )
        if amiss and not values.get("sign_reason"):
            raise UserError(
                self.env._(
                    "%(product)s: say why not all of it was received.",
                    product=self.product_id.display_name,
                )
            )
        self._write_protected(values)

    def _prepare_received_values(self, values):
        """Return those of `values` that say what was received, as numbers and as a text.

        :raises UserError: where a quantity is none
        """
        entered = {name: values[name] for name in self._received_fields() if name in values}
        for name in entered.keys() - {"sign_reason"}:
            entered[name] = self._read_quantity(entered[name])
        if "sign_reason" in entered:
            entered["sign_reason"] = str(entered["sign_reason"] or "").strip()
        return entered

    def _read_quantity(self, value):
        """The quantity `value`: a number, or a text in the notation of the reader's language."""
        quantity = value or 0.0
        if isinstance(value, str):
            lang = self.env["res.lang"]._lang_get(self.env.lang or "en_US")
            quantity = entered_quantity(value, lang.decimal_point or ".", lang.thousands_sep)
        if not isinstance(quantity, (int, float)) or not math.isfinite(quantity) or quantity < 0:
            raise UserError(
                self.env._(
                    "%(product)s: “%(value)s” is no quantity. Write a number such as %(example)s, and nothing for "
                    "none.",
                    product=self.product_id.display_name,
                    value=value,
                    example=formatLang(self.env, 2.5, digits=1),
                )
            )
        return quantity

    @api.model
    def _received_fields(self):
        return ("qty_received", "qty_damaged", "qty_lost", "qty_refused", "sign_reason")

    def _shortage_text(self):
        received, shipped = (quantity_text(self.env, quantity) for quantity in (self.qty_received, self.qty_shipped))
        return f"{self.product_id.display_name}: {received}/{shipped} ({self.sign_reason or ''})"

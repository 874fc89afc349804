from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import formatLang

from odoo.addons.sales_dept_roles.models.approval.proof import check_drawings, check_papers
from odoo.addons.sales_dept_roles.models.clock.bounds import check_dates

# What is noticed is spoken for, until it has left.
OPEN = ("issued", "accepted", "loading")
# Against these the warehouse lets goods leave.
ACCEPTED = ("accepted", "loading")
EDITABLE = ("draft", "sent_back")
# What the customer sees: goods that left.
SHOWN = ("shipped", "signed")


class SaleDeliveryNotice(models.Model):
    """Delivery notice: what may leave for a customer, of one or several orders, and what became of it.

    The department issues it, the warehouse accepts it or sends it back, goods leave against it over one or several
    pickings, and the customer signs for them. What left is told by stock moves and by nothing else.
    """

    _name = "sale.delivery.notice"
    _description = "Delivery Notice"
    _inherit = [
        "sales.dept.link.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "sales.dept.register.mixin",
    ]
    _order = "wanted_date, id"
    _check_company_auto = True
    # The warehouse reads the notice and discusses it.
    _mail_post_access = "read"

    name = fields.Char("Number", readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        check_company=True,
        domain="[('parent_id', '=', False)]",
        tracking=True,
    )
    partner_shipping_id = fields.Many2one(
        "res.partner",
        "Delivery Address",
        compute="_compute_partner_shipping_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain="[('id', 'child_of', partner_id)]",
    )
    user_id = fields.Many2one(
        "res.users",
        "Account Manager",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        check_company=True,
        domain="[('share', '=', False)]",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("issued", "Issued"),
            ("sent_back", "Sent Back"),
            ("accepted", "Accepted"),
            ("loading", "Loading"),
            ("shipped", "Shipped"),
            ("signed", "Signed For"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    wanted_date = fields.Date("Wanted On", tracking=True, index=True, help="When the goods should leave.")
    carrier_id = fields.Many2one("delivery.carrier", check_company=True)
    mode = fields.Selection(
        [
            ("road", "Road"),
            ("express", "Express"),
            ("rail", "Rail"),
            ("sea", "Sea"),
            ("air", "Air"),
            ("collect", "Collected by the Customer"),
        ],
        string="Mode of Transport",
    )
    dock = fields.Char(help="Where the warehouse loads the goods.")
    packing_requirement = fields.Text("Packing")
    label_requirement = fields.Text("Labels")
    document_requirement = fields.Text("Documents")
    note = fields.Text("Remarks")
    line_ids = fields.One2many("sale.delivery.notice.line", "notice_id", "Goods", copy=False)
    order_ids = fields.Many2many(
        "sale.order", string="Orders", compute="_compute_order_ids", search="_search_order_ids"
    )
    picking_ids = fields.Many2many(
        "stock.picking", string="Transfers", compute="_compute_picking_ids", compute_sudo=True, groups="base.group_user"
    )
    issue_date = fields.Datetime("Issued On", readonly=True, copy=False)
    issue_user_id = fields.Many2one("res.users", "Issued By", readonly=True, copy=False)
    accept_date = fields.Datetime("Accepted On", readonly=True, copy=False)
    accept_user_id = fields.Many2one("res.users", "Accepted By", readonly=True, copy=False)
    send_back_reason = fields.Text("Why It Was Sent Back", readonly=True, copy=False)
    ship_date = fields.Datetime("Shipped On", readonly=True, copy=False, help="When the last of the goods left.")
    left_behind_reason = fields.Text("Why Goods Were Left Behind", readonly=True, copy=False)
    sign_source = fields.Selection(
        [("us", "Our Own Record"), ("carrier", "Carrier's Paper"), ("portal", "Customer on the Portal")],
        string="Proof of Delivery",
        readonly=True,
        copy=False,
    )
    signed_by = fields.Char("Signed For By", readonly=True, copy=False)
    sign_date = fields.Datetime("Signed For On", readonly=True, copy=False)
    signature = fields.Image(readonly=True, copy=False, max_width=1024, max_height=1024)
    proof = fields.Binary("Photo or Scan", readonly=True, copy=False, attachment=True)
    proof_name = fields.Char(readonly=True, copy=False)
    is_late = fields.Boolean("Late", compute="_compute_is_late", search="_search_is_late")
    is_partly_shipped = fields.Boolean("Partly Shipped", compute="_compute_is_partly_shipped")
    is_warehouse = fields.Boolean(compute="_compute_is_warehouse")

    _signed_with_signer = models.Constraint(
        "CHECK (state != 'signed' OR (signed_by IS NOT NULL AND sign_date IS NOT NULL))",
        "A delivery that is signed for says by whom and when.",
    )
    _worklist = models.Index("(company_id, wanted_date) WHERE state IN ('issued', 'accepted', 'loading')")

    # === COMPUTES === #

    @api.depends("partner_id")
    def _compute_partner_shipping_id(self):
        for notice in self:
            notice.partner_shipping_id = notice.partner_id and notice.partner_id.address_get(["delivery"])["delivery"]

    @api.depends("partner_id")
    def _compute_user_id(self):
        for notice in self:
            notice.user_id = notice.partner_id.user_id or notice.user_id or self.env.user

    @api.depends("line_ids.order_id")
    def _compute_order_ids(self):
        # Odoo looks at the rights on each notice's orders: with what their rules ask read for all of them at once.
        self.line_ids.order_id._filtered_access("read")
        for notice in self:
            notice.order_ids = notice.line_ids.order_id

    def _search_order_ids(self, operator, value):
        if operator not in ("in", "any", "not in", "not any"):
            return NotImplemented
        lines = self.env["sale.delivery.notice.line"]._search([("order_id", operator.removeprefix("not "), value)])
        return [("line_ids", "not in" if operator.startswith("not") else "in", lines)]

    @api.depends("line_ids.shipment_ids.move_id.picking_id", "line_ids.sale_line_id.move_ids.picking_id")
    def _compute_picking_ids(self):
        for notice in self:
            shipped = notice.line_ids.shipment_ids.move_id.picking_id
            moves = notice.line_ids.sale_line_id.move_ids if notice.state in OPEN else self.env["stock.move"]
            waiting = moves.filtered(lambda move: move.state not in ("done", "cancel"))._filter_leaving()
            notice.picking_ids = shipped | waiting.picking_id

    @api.depends("state", "wanted_date")
    def _compute_is_late(self):
        for notice in self:
            today = notice.company_id._local_today()
            is_open = notice.state in (*OPEN, *EDITABLE)
            notice.is_late = bool(is_open and notice.wanted_date and notice.wanted_date < today)

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        companies = self.env["res.company"].sudo().search(Domain.TRUE).grouped(lambda company: company._local_today())
        late = [
            Domain("company_id", "in", some.ids) & Domain("wanted_date", "<", day) for day, some in companies.items()
        ]
        return Domain("state", "in", (*OPEN, *EDITABLE)) & Domain.OR(late)

    @api.depends("state", "line_ids.qty_shipped")
    def _compute_is_partly_shipped(self):
        for notice in self:
            notice.is_partly_shipped = notice.state in ACCEPTED and any(notice.line_ids.mapped("qty_shipped"))

    @api.depends_context("uid")
    def _compute_is_warehouse(self):
        self.is_warehouse = self.env.user.has_group("stock.group_stock_user")

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for notice in self:
            notice.access_url = f"/my/deliveries/{notice.id}"
        return result

    def _is_link_renewable(self):
        self.ensure_one()
        return self.state in SHOWN

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for notice in self:
            notice.display_name = notice.name or self.env._("New Delivery Notice")

    # === CONSTRAINTS === #

    @api.constrains("wanted_date")
    def _check_dates(self):
        check_dates(self, "wanted_date")

    @api.constrains("signature")
    def _check_signature(self):
        check_drawings(self, "signature")

    @api.constrains("proof")
    def _check_proof(self):
        check_papers(self, "proof")

    @api.constrains("partner_id", "company_id")
    def _check_lines_of_customer(self):
        self.line_ids._check_order()

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            "name",
            "state",
            "issue_date",
            "issue_user_id",
            "accept_date",
            "accept_user_id",
            "send_back_reason",
            "ship_date",
            "left_behind_reason",
            "sign_source",
            "signed_by",
            "sign_date",
            "signature",
            "proof",
            "proof_name",
        }

    @api.model
    def _proof_fields(self):
        return super()._proof_fields() | {"signature", "proof"}

    @api.model_create_multi
    def create(self, vals_list):
        notices = super().create(vals_list)
        for notice in notices:
            notice._write_protected({"name": notice._next_number()})
        return notices

    def write(self, vals):
        self._check_editable(vals)
        return super().write(vals)

    def _next_number(self):
        """The number of a new notice, from the sequence of its company."""
        sequence = self.env["ir.sequence"].with_company(self.company_id)
        return sequence.next_by_code("sale.delivery.notice", sequence_date=self.company_id._local_today())

    @api.model
    def _warehouse_fields(self):
        """Fields that the warehouse fills in while it prepares the goods."""
        return {"dock", "carrier_id", "mode", "line_ids"}

    @api.model
    def _terms(self):
        """Fields of what was noticed: they are changed before the notice is issued only."""
        terms = {"partner_id", "partner_shipping_id", "user_id", "company_id", "wanted_date", "packing_requirement"}
        return terms | {"label_requirement", "document_requirement", "note", *self._warehouse_fields()}

    def _check_editable(self, vals):
        """Refuse to change what was noticed of a notice that was issued, and of any to the warehouse.

        :raises UserError: or AccessError, when `vals` holds such fields
        """
        changed = self._terms() & vals.keys()
        if changed - self._warehouse_fields():
            self._check_may_issue()
        for notice in self:
            allowed = self._warehouse_fields() if notice.state in OPEN else set()
            if notice.state not in EDITABLE and changed - allowed:
                raise UserError(
                    self.env._(
                        "%(notice)s was issued, so it is changed no more. Cancel it and make a new one, or have the "
                        "warehouse send it back.",
                        notice=notice.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        if issued := self.filtered(lambda notice: notice.issue_date or notice.state != "draft"):
            raise UserError(
                self.env._(
                    "%(notices)s was issued and stays in the register. Cancel it instead.",
                    notices=", ".join(issued.mapped("name")),
                )
            )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for notice, vals in zip(self, vals_list, strict=True):
            vals.setdefault("line_ids", notice.line_ids._copy_commands())
        return vals_list

    # === ACTIONS === #

    def action_add_open(self):
        """Add what may still be noticed of all the customer's confirmed orders."""
        for notice in self:
            notice._check_editable({"line_ids": []})
            orders = self.env["sale.order"].search(
                Domain("partner_id", "child_of", notice.partner_id.commercial_partner_id.id)
                & Domain("company_id", "=", notice.company_id.id)
                & Domain("state", "=", "sale"),
                order="id",
            )
            lines = orders.order_line - notice.line_ids.sale_line_id
            commands = lines._prepare_notice_line_commands()
            if not commands:
                raise UserError(
                    self.env._(
                        "%(customer)s has no goods on confirmed orders that are not shipped or noticed already.",
                        customer=notice.partner_id.display_name,
                    )
                )
            notice.line_ids = commands
        return True

    def action_view_pickings(self):
        self.ensure_one()
        return self.picking_ids._get_records_action(name=self.env._("Transfers"))

    def action_view_orders(self):
        self.ensure_one()
        return self.order_ids._get_records_action(name=self.env._("Orders"))

    def _portal_goods(self):
        """What left, as the form with which the customer signs shows it."""
        self.ensure_one()
        return [
            {
                "id": line.id,
                "name": line.description,
                "order": line.customer_order_number or line.order_id.name,
                "shipped": formatLang(self.env, line.qty_shipped, dp="Product Unit"),
                "unit": line.product_uom_id.name,
            }
            for line in self.line_ids.filtered("qty_shipped")
        ]

    # === REGISTER === #

    @api.model
    def _register_title(self):
        return self.env._("Delivery Notices")

    @api.model
    def _register_columns(self):
        return [
            "name",
            "partner_id",
            "user_id",
            "wanted_date",
            "carrier_id",
            "mode",
            "dock",
            "issue_date",
            "accept_date",
            "ship_date",
            "signed_by",
            "sign_date",
            "state",
        ]

    @api.model
    def _make_for(self, orders):
        """Return new notices of what may still be noticed of the confirmed `orders`: one for each address.

        :raises UserError: when there is nothing
        """
        values = []
        for (partner, address, company), some in (
            orders.filtered(lambda order: order.state == "sale")
            .grouped(
                lambda order: (order.partner_id.commercial_partner_id, order.partner_shipping_id, order.company_id)
            )
            .items()
        ):
            commands = some.order_line._prepare_notice_line_commands()
            if commands:
                values.append(
                    {
                        "partner_id": partner.id,
                        "partner_shipping_id": address.id,
                        "company_id": company.id,
                        "carrier_id": some.carrier_id[:1].id,
                        "wanted_date": min(some.order_line._planned_dates_to_notice(), default=False),
                        "line_ids": commands,
                    }
                )
        if not values:
            raise UserError(
                self.env._(
                    "%(orders)s: there are no goods that may still be noticed. All of them are shipped or stand on a "
                    "notice, or the order is not confirmed.",
                    orders=", ".join(orders.mapped("name")),
                )
            )
        return self.create(values)

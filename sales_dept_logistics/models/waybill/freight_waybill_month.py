from babel.dates import format_skeleton

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, babel_locale_parse, get_lang

from ..carrier.statement_month import statement_month_sql


class FreightWaybillMonth(models.Model):
    """The folder of a carrier and a month: which waybills and papers are there, and what is missing.

    Missing is a paper that the carrier's waybills need, and a waybill of a delivery that left with a carrier whose
    freight is settled.
    """

    _name = "freight.waybill.month"
    _description = "Month Folder of Waybills"
    _auto = False
    _order = "month desc, carrier_id, id"
    _rec_name = "carrier_id"
    _depends = {
        "freight.waybill": [
            "company_id",
            "carrier_id",
            "statement_month",
            "weight",
            "chargeable_weight",
            "signed_date",
            "picking_ids",
        ],
        "delivery.carrier": ["cooperation_mode", "closing_day", "waybill_paper_required"],
        "stock.picking": [
            "company_id",
            "carrier_id",
            "state",
            "date_done",
            "picking_type_id",
            "location_id",
            "location_dest_id",
        ],
        "ir.attachment": ["res_model", "res_id", "res_field"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    carrier_id = fields.Many2one("delivery.carrier", readonly=True)
    cooperation_mode = fields.Selection(related="carrier_id.cooperation_mode", related_sudo=True)
    month = fields.Date(readonly=True)
    month_name = fields.Char("Statement Month", compute="_compute_month_name")
    waybill_count = fields.Integer("Waybills", readonly=True)
    paper_count = fields.Integer("With Paper", readonly=True)
    missing_paper_count = fields.Integer("Papers Missing", readonly=True)
    unnumbered_count = fields.Integer(
        "Deliveries without Waybill",
        readonly=True,
        help="They left with this carrier, and nobody wrote a number on them.",
    )
    unsigned_count = fields.Integer("Not Signed For", readonly=True)
    weight = fields.Float("Weight (kg)", digits=(16, 3), readonly=True)
    chargeable_weight = fields.Float("Chargeable Weight (kg)", digits=(16, 3), readonly=True)

    @api.depends("month")
    @api.depends_context("lang")
    def _compute_month_name(self):
        # In the order of the language: December 2026, 2026年12月.
        locale = babel_locale_parse(get_lang(self.env).code)
        for folder in self:
            folder.month_name = folder.month and format_skeleton("yMMMM", folder.month, locale=locale)

    @api.depends("carrier_id", "month")
    def _compute_display_name(self):
        for folder in self:
            folder.display_name = f"{folder.carrier_id.sudo().display_name} · {folder.month_name}"

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT MIN(entry.id) AS id, entry.company_id, entry.carrier_id, entry.month,
                   SUM(entry.waybill)::integer AS waybill_count,
                   SUM(entry.paper)::integer AS paper_count,
                   SUM(entry.missing_paper)::integer AS missing_paper_count,
                   SUM(entry.unnumbered)::integer AS unnumbered_count,
                   SUM(entry.unsigned)::integer AS unsigned_count,
                   SUM(entry.weight) AS weight, SUM(entry.chargeable_weight) AS chargeable_weight
              FROM (%s UNION ALL %s) entry
          GROUP BY entry.company_id, entry.carrier_id, entry.month
            """,
            self._query_waybills(),
            self._query_unnumbered(),
        )

    @api.model
    def _query_waybills(self):
        # Ids of the two kinds of rows are even and odd.
        return SQL(
            """
            SELECT 2 * waybill.id::bigint AS id, waybill.company_id, waybill.carrier_id,
                   waybill.statement_month AS month, 1 AS waybill, (paper.there IS NOT NULL)::integer AS paper,
                   (paper.there IS NULL AND COALESCE(carrier.waybill_paper_required, FALSE))::integer AS missing_paper,
                   0 AS unnumbered, (waybill.signed_date IS NULL)::integer AS unsigned,
                   waybill.weight, waybill.chargeable_weight
              FROM freight_waybill waybill
              JOIN delivery_carrier carrier ON carrier.id = waybill.carrier_id
         LEFT JOIN (SELECT DISTINCT file.res_id AS there FROM (%s) file) paper ON paper.there = waybill.id
            """,
            self.env["freight.waybill"]._with_paper_sql(),
        )

    @api.model
    def _query_unnumbered(self):
        day = self.env["res.company"]._local_day_sql(SQL("picking.date_done"), SQL("picking.company_id"))
        return SQL(
            """
            SELECT 2 * picking.id::bigint + 1, picking.company_id, picking.carrier_id, %s, 0, 0, 0, 1, 0, 0, 0
              FROM stock_picking picking
              JOIN delivery_carrier carrier ON carrier.id = picking.carrier_id
             WHERE carrier.cooperation_mode IS NOT NULL AND picking.date_done IS NOT NULL AND %s
               AND NOT EXISTS (SELECT FROM freight_waybill_picking_rel rel WHERE rel.picking_id = picking.id)
            """,
            statement_month_sql(day, SQL("carrier.closing_day")),
            self.env["stock.picking"]._shipped_sql(SQL("picking"), SQL("carrier")),
        )

    # === ACTIONS === #

    def _waybill_domain(self):
        self.ensure_one()
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("carrier_id", "=", self.carrier_id.id)
            & Domain("statement_month", "=", self.month)
        )

    def action_open_waybills(self):
        return self.env["freight.waybill"]._action_open(self._waybill_domain(), self._new_values())

    def action_open_missing_papers(self):
        domain = self._waybill_domain() & Domain("paper_state", "=", "missing")
        return self.env["freight.waybill"]._action_open(domain, self._new_values())

    def action_open_unnumbered(self):
        """Open the deliveries of the folder on which nobody wrote a number."""
        self.ensure_one()
        pickings = self.env["stock.picking"].search(
            self.env["stock.picking"]._shipped_domain()
            & Domain("company_id", "=", self.company_id.id)
            & Domain("carrier_id", "=", self.carrier_id.id)
            & Domain("waybill_ids", "=", False)
        )
        carrier = self.carrier_id.sudo()
        inside = pickings.filtered(lambda picking: carrier._statement_month(picking._shipped_day()) == self.month)
        action = self.env["ir.actions.act_window"]._for_xml_id("stock.action_picking_tree_all")
        action.update(domain=[("id", "in", inside.ids)], context={"create": False})
        return action

    def _new_values(self):
        return {"default_carrier_id": self.carrier_id.id, "default_company_id": self.company_id.id}

from odoo import api, models
from odoo.tools import SQL

MARKS = "sales_dept_logistics.milestones"


class SaleOrderMilestone(models.Model):
    """What has changed since milestones were read: noted as it happens, and brought up to date once.

    Whatever a transaction does to orders, moves and productions, its milestones are read again at its end, by one
    statement. Who looks at them within the same transaction calls :meth:`_refresh_marked`.
    """

    _inherit = "sale.order.milestone"

    @api.model
    @api.private
    def _mark(self, companies=None, lines=None, moves=None):
        """Note that milestones want to be read again: of order lines, of those that `moves` are for, of companies."""
        records = companies if companies is not None else lines if lines is not None else moves
        if not self._is_followed(records):
            return
        precommit = self.env.cr.precommit
        if MARKS not in precommit.data:
            precommit.data[MARKS] = {"res.company": set(), "sale.order.line": set(), "stock.move": set()}
            precommit.add(self.sudo()._refresh_marked)
        precommit.data[MARKS][records._name].update(records.ids)

    @api.model
    def _is_followed(self, records):
        """Whether a company of `records` has the policy on."""
        records = records.sudo()
        companies = records if records._name == "res.company" else records.company_id
        return any(company.sales_dept_milestones for company in companies)

    @api.model
    @api.private
    def _refresh_marked(self):
        """Read again what was marked."""
        marks = self.env.cr.precommit.data.pop(MARKS, None)
        if not marks:
            return
        milestones = self.sudo()
        if marks["res.company"]:
            milestones._refresh_companies(milestones.env["res.company"].browse(marks["res.company"]))
        if lines := milestones._marked_lines(list(marks["sale.order.line"]), list(marks["stock.move"])):
            milestones._refresh(milestones.env["sale.order.line"].browse(lines))

    @api.model
    def _cron_refresh(self):
        """Whatever was changed past the marks, such as a bill of materials, is read once a day."""
        companies = self.env["res.company"].search([("sales_dept_milestones", "=", True)])
        self.env["sales.dept.job"]._run(
            "sales_dept_logistics.ir_cron_milestones", companies, self._refresh_companies, batch_size=1
        )

    @api.model
    def _marked_lines(self, line_ids, move_ids):
        """Return the ids of the order lines `line_ids`, of those that the moves `move_ids` are for, directly or through
        what is made of them, and of all that are supplied together with these.
        """
        if not line_ids and not move_ids:
            return []
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                WITH RECURSIVE onward AS (
                    SELECT id FROM stock_move WHERE id = ANY(%(moves)s)
                     UNION
                    SELECT next.id FROM onward %(onward)s
                ),
                marked AS (
                    SELECT sale_line_id FROM stock_move
                     WHERE id IN (SELECT id FROM onward) AND sale_line_id IS NOT NULL
                     UNION
                    SELECT unnest(%(lines)s::int[])
                ),
                before AS (
                    SELECT move.id FROM stock_move move JOIN marked ON marked.sale_line_id = move.sale_line_id
                     UNION
                    SELECT link.move_orig_id FROM before JOIN stock_move_move_rel link ON link.move_dest_id = before.id
                ),
                after AS (
                    SELECT id FROM before
                     UNION
                    SELECT link.move_dest_id FROM after JOIN stock_move_move_rel link ON link.move_orig_id = after.id
                )
                SELECT sale_line_id FROM marked
                 UNION
                SELECT move.sale_line_id FROM stock_move move
                 WHERE move.id IN (SELECT id FROM after) AND move.sale_line_id IS NOT NULL
                """,
                moves=move_ids,
                lines=line_ids,
                onward=self._onward_sql(),
            )
        )
        return [line_id for (line_id,) in self.env.cr.fetchall()]

    @api.model
    def _onward_sql(self):
        """From the moves `onward` to those that follow: the next of a chain; of components, what is made of
        them; of what is unbuilt or scrapped, what it was made by."""
        chain = SQL("SELECT move_dest_id AS id FROM stock_move_move_rel WHERE move_orig_id = onward.id")
        if "mrp.production" in self.env:
            chain = SQL(
                """
                %s
                UNION ALL
                SELECT finished.id FROM stock_move component
                  JOIN stock_move finished ON finished.production_id = component.raw_material_production_id
                 WHERE component.id = onward.id
                UNION ALL
                SELECT made.id FROM stock_move lost
                  JOIN stock_move made ON made.id = lost.origin_returned_move_id
                       OR (made.production_id = lost.production_id AND lost.scrap_id IS NOT NULL)
                 WHERE lost.id = onward.id AND (lost.unbuild_id IS NOT NULL OR lost.scrap_id IS NOT NULL)
                """,
                chain,
            )
        return SQL("JOIN LATERAL (%s) next ON TRUE", chain)

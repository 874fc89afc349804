from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.sales_dept_roles.models.jobs.hashed import hashed
from odoo.addons.sales_dept_roles.models.protected_results.client_context import without_client_context

CRON = "sales_dept_kpi.ir_cron_collection_plan_additions"
# So many plans take their items in one statement.
BATCH = 200


class SalesCollectionPlan(models.Model):
    """The way of a plan: its items taken from the books, taken again, and what came after it was approved."""

    _inherit = "sales.collection.plan"

    # === ACTIONS === #

    def action_make(self):
        """Take the items of the plans `self`: what is overdue from before, and what falls due in the month.

        Taken again, words about items that are still open stay. Of a plan that is approved, only what is not in it is
        taken, apart from what was approved.

        :raises UserError: when one of `self` waits for approval
        """
        self.check_access("write")
        if waiting := self.filtered(lambda plan: plan.state == "waiting")[:1]:
            waiting._check_open()
        plans = without_client_context(self.sudo())
        plans.filtered(lambda plan: plan.state == "approved")._add_later()
        plans.filtered(lambda plan: plan.state != "approved")._take_items()
        return True

    @api.model
    def _make(self, company, month, users):
        """Make the plans that `users` lack for the month that begins on `month`, with their items; return the new ones.

        With the rights of the user at work.
        """
        present = self.sudo().search(Domain("company_id", "=", company.id) & Domain("date_from", "=", month))
        plans = self.with_company(company).create(
            [
                {"company_id": company.id, "user_id": user.id, "date_from": month}
                for user in (users - present.user_id).sorted("id")
            ]
        )
        plans.action_make()
        return plans

    @api.model
    def _owed_users(self, company, until):
        """The people who have something to collect by `until`, as superuser."""
        basis = self.env["sales.collection.basis"]
        basis._flush_basis()
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT user_id FROM (%s) item WHERE kind = 'invoice' AND amount > 0 AND date_due <= %s"
                " AND user_id IS NOT NULL",
                basis._open_items_sql(company),
                until,
            )
        )
        users = self.env["res.users"].browse([user_id for (user_id,) in rows])
        return users.filtered(lambda user: user.active and not user.share and company in user.company_ids)

    def action_open_lines(self):
        """Open the items of the plans `self` as a list of their own."""
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_kpi.action_sales_collection_plan_lines")
        return {**action, "domain": [("plan_id", "in", self.ids)], "context": {}}

    # === ITEMS === #

    def _take_items(self):
        """Bring the items of the plans `self`, as superuser, to what the books hold; three statements for all."""
        for start in range(0, len(self), BATCH):
            plans = self[start : start + BATCH]
            plans._flush_for_items()
            with plans._planned_for_many():
                # The first time there is nothing to compare with.
                if self.env["sales.collection.plan.line"].search_count([("plan_id", "in", plans.ids)], limit=1):
                    plans.env.cr.execute(plans._delete_gone_sql())
                    plans.env.cr.execute(plans._update_items_sql())
                plans.env.cr.execute(plans._insert_items_sql(is_addition=False))
            plans._items_changed()
            plans._sum_items()

    def _add_later(self):
        """Add, apart from what was approved, what belongs into the months of `self` by now."""
        if self:
            self._flush_for_items()
            with self._planned_for_many():
                self.env.cr.execute(self._insert_items_sql(is_addition=True))
            self._items_changed()

    def _planned_for_many(self):
        """How the database looks for the items of the plans `self`: of one plan by indexes, of many all at once."""
        return hashed(self.env.cr, len(self) > 1)

    def _flush_for_items(self):
        self.env["sales.collection.basis"]._flush_basis()
        self.env["res.partner"].flush_model(["customer_file_payment_method", "customer_file_function", "parent_id"])
        self.env["sales.collection.promise"].flush_model()
        self.env["sales.collection.plan.line"].flush_model()
        self.flush_model()

    def _items_changed(self):
        # No request waits for a plan whose items are taken, so nothing that is stored follows from them.
        self.env["sales.collection.plan.line"].invalidate_model()
        self.invalidate_recordset(["line_ids", "addition_ids"])

    def _sum_items(self):
        """Keep the totals of the plans `self`."""
        sums = self.env["sales.collection.plan.line"]._read_group(
            [("plan_id", "in", self.ids), ("is_addition", "=", False)],
            ["plan_id", "standing"],
            ["amount_company:sum", "__count"],
        )
        totals = {(plan, standing): (amount, count) for plan, standing, amount, count in sums}
        now = fields.Datetime.now()
        for plan in self:
            overdue, due = (totals.get((plan, standing), (0.0, 0)) for standing in ("overdue", "due"))
            plan._write_protected(
                {
                    "overdue_amount": overdue[0],
                    "due_amount": due[0],
                    "planned_amount": overdue[0] + due[0],
                    "line_count": overdue[1] + due[1],
                    "made_date": now,
                }
            )

    def _due_items_sql(self):
        """What belongs into each of the plans `self`: open instalments that are due by the month's end."""
        company = self.company_id if len(self.company_id) == 1 else None
        return SQL(
            """
            SELECT plan.id AS plan_id, plan.date_from, item.*
              FROM sales_collection_plan plan
              JOIN (%(items)s) item ON item.company_id = plan.company_id AND item.user_id = plan.user_id
             WHERE plan.id IN %(plans)s AND item.kind = 'invoice' AND item.amount > 0 AND item.date_due <= plan.date_to
            """,
            items=self.env["sales.collection.basis"]._open_items_sql(company),
            plans=self._ids,
        )

    def _delete_gone_sql(self):
        """Items that were paid or cancelled, or are another person's by now."""
        return SQL(
            """
            DELETE FROM sales_collection_plan_line line
             WHERE plan_id IN %(plans)s AND NOT EXISTS (
                   SELECT 1 FROM (%(due)s) due WHERE due.plan_id = line.plan_id AND due.id = line.move_line_id)
            """,
            plans=self._ids,
            due=self._due_items_sql(),
        )

    def _update_items_sql(self):
        return SQL(
            """
            UPDATE sales_collection_plan_line line
               SET name = due.name, date_due = due.date_due, amount = due.amount,
                   amount_company = due.amount_company, standing = %(standing)s
              FROM (%(due)s) due
             WHERE line.plan_id = due.plan_id AND line.move_line_id = due.id
            """,
            standing=self._standing_sql(),
            due=self._due_items_sql(),
        )

    def _standing_sql(self):
        return SQL("CASE WHEN due.date_due < due.date_from THEN 'overdue' ELSE 'due' END")

    def _insert_items_sql(self, is_addition):
        """Add what is not in the plans yet: one statement for all of them."""
        columns = self._item_values_sql()
        return SQL(
            """
            INSERT INTO sales_collection_plan_line (%(names)s)
            WITH due AS MATERIALIZED (%(due)s)
            SELECT %(values)s
              FROM due
              JOIN res_partner partner ON partner.id = due.partner_id
              JOIN res_currency currency ON currency.id = due.currency_id
         LEFT JOIN (%(promises)s) promised ON promised.id = due.id
         LEFT JOIN (%(people)s) person ON person.parent_id = due.partner_id
             WHERE NOT EXISTS (SELECT 1 FROM sales_collection_plan_line line
                                WHERE line.plan_id = due.plan_id AND line.move_line_id = due.id)
            """,
            names=SQL(", ").join(map(SQL.identifier, [*columns, "is_addition"])),
            values=SQL(", ").join([*columns.values(), SQL("%s", is_addition)]),
            due=self._due_items_sql(),
            promises=self._promised_sql(),
            people=self._people_sql(),
        )

    def _item_values_sql(self):
        """``{column of a plan's item: SQL}``, of `due` and what is joined to it."""
        return {
            "plan_id": SQL("due.plan_id"),
            "company_id": SQL("due.company_id"),
            "user_id": SQL("due.user_id"),
            "plan_date": SQL("due.date_from"),
            "sequence": SQL("ROW_NUMBER() OVER (PARTITION BY due.plan_id ORDER BY partner.name, due.date_due, due.id)"),
            "move_line_id": SQL("due.id"),
            "move_id": SQL("due.move_id"),
            "name": SQL("due.name"),
            "partner_id": SQL("due.partner_id"),
            "partner_name": SQL("partner.name"),
            "date_due": SQL("due.date_due"),
            "standing": self._standing_sql(),
            "currency_id": SQL("due.currency_id"),
            "currency_name": SQL("currency.name"),
            "amount": SQL("due.amount"),
            "amount_company": SQL("due.amount_company"),
            "expected_date": SQL("COALESCE(promised.date, GREATEST(due.date_due, due.date_from))"),
            "payment_method": SQL("partner.customer_file_payment_method"),
            "person_id": SQL("person.id"),
            "person_name": SQL("person.name"),
        }

    def _promised_sql(self):
        """For which day each item is promised, where it is."""
        return SQL(
            "SELECT rel.move_line_id AS id, MAX(promise.date) AS date FROM sales_collection_promise promise"
            " JOIN sales_collection_promise_item_rel rel ON rel.promise_id = promise.id"
            " WHERE promise.outcome IS NULL GROUP BY rel.move_line_id"
        )

    def _people_sql(self):
        """Who is to be asked about money at each customer's, as the customer file says."""
        return SQL(
            "SELECT DISTINCT ON (parent_id) parent_id, id, name FROM res_partner"
            " WHERE active AND parent_id IS NOT NULL AND customer_file_function = 'finance' ORDER BY parent_id, id"
        )

    # === EACH DAY === #

    @api.model
    def _cron_add_later(self):
        """Add to the approved plans of the running month what came after them."""
        plans = self.search([("state", "=", "approved")]).filtered(
            lambda plan: plan.date_from <= plan.company_id._local_today() <= plan.date_to
        )
        if plans:
            self.env["sales.dept.job"]._run(CRON, plans, lambda batch: batch._add_later())

from odoo import fields, models
from odoo.tools import SQL


class SalesPolicyReading(models.Model):
    """Who has to read a published policy, and whether they have: one row per policy and addressee."""

    _name = "sales.policy.reading"
    _description = "Who Has Read It"
    _auto = False
    _order = "policy_id, date, user_id"
    _rec_name = "user_id"
    _depends = {
        "sales.policy": ["state", "audience", "group_ids", "company_id", "publish_date"],
        "sales.policy.receipt": ["policy_id", "user_id", "date"],
        "res.users": ["active", "share", "company_ids", "group_ids"],
        "res.groups": ["implied_ids"],
    }

    policy_id = fields.Many2one("sales.policy", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one("res.users", "Reader", readonly=True)
    publish_date = fields.Datetime("Published On", readonly=True)
    date = fields.Datetime("Read On", readonly=True)
    status = fields.Selection([("read", "Read"), ("unread", "Not Yet Read")], readonly=True)
    read_count = fields.Integer("Have Read", readonly=True)
    read_share = fields.Float("Read (%)", readonly=True, aggregator="avg", digits=(5, 1))

    @property
    def _table_query(self):
        # A role is held directly or through a group that implies it.
        return SQL(
            """
            WITH RECURSIVE holding(role_id, group_id) AS (
                SELECT DISTINCT asked.res_groups_id, asked.res_groups_id
                  FROM res_groups_sales_policy_rel asked
                 UNION
                SELECT holding.role_id, implied.gid
                  FROM holding
                  JOIN res_groups_implied_rel implied ON implied.hid = holding.group_id
            )
            SELECT policy.id::bigint * 1048576 + reader.id AS id,
                   policy.id AS policy_id,
                   policy.company_id,
                   reader.id AS user_id,
                   policy.publish_date,
                   receipt.date,
                   CASE WHEN receipt.id IS NULL THEN 'unread' ELSE 'read' END AS status,
                   CASE WHEN receipt.id IS NULL THEN 0 ELSE 1 END AS read_count,
                   CASE WHEN receipt.id IS NULL THEN 0.0 ELSE 100.0 END AS read_share
              FROM sales_policy policy
              JOIN res_company_users_rel works ON works.cid = policy.company_id
              JOIN res_users reader ON reader.id = works.user_id AND reader.active AND NOT reader.share
         LEFT JOIN sales_policy_receipt receipt
                ON receipt.policy_id = policy.id AND receipt.user_id = reader.id
             WHERE policy.state = 'published'
               AND (policy.audience = 'all' OR EXISTS (
                    SELECT FROM res_groups_sales_policy_rel asked
                      JOIN holding ON holding.role_id = asked.res_groups_id
                      JOIN res_groups_users_rel held ON held.gid = holding.group_id
                     WHERE asked.sales_policy_id = policy.id AND held.uid = reader.id))
            """
        )

from odoo import Command, fields

from .common import SalesDeptCommon


class RushRequestCommon(SalesDeptCommon):
    """An order to be rushed, and another manager's order of the same product that would be pushed back.

    Monday 2030-06-03 is the day of confirmation of all; the company works Monday to Friday.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sales_dept_quote_signoff = "off"
        cls.company.resource_calendar_id.tz = "Asia/Shanghai"
        cls.production = cls._create_role_user("production_test", "group_review_production")
        cls.shaft, cls.gear = cls.env["product.product"].create(
            [{"name": "Shaft", "type": "consu"}, {"name": "Gear", "type": "consu"}]
        )
        cls.order = cls._confirmed({cls.shaft: 10, cls.gear: 5}, "2030-06-28")
        cls.other = cls._confirmed({cls.shaft: 20}, "2030-06-20", cls.manager2)
        cls.line = cls.order.order_line[0]

    @classmethod
    def _order(cls, quantities, user=None):
        user = user or cls.manager1
        return cls._create_quotation(
            user,
            user_id=user.id,
            order_line=[
                Command.create({"product_id": product.id, "product_uom_qty": quantity, "tax_ids": False})
                for product, quantity in quantities.items()
            ],
        )

    @classmethod
    def _confirmed(cls, quantities, promised, user=None):
        """A confirmed order of which every line is promised for the date `promised`."""
        order = cls._order(quantities, user)
        order.action_confirm()
        order.order_line._write_protected({"promised_date": fields.Date.to_date(promised)})
        order._apply_promised_dates()
        return order

    @classmethod
    def _request(cls, lines=None, wanted="2030-06-20", user=None, **vals):
        lines = lines or cls.line
        return (
            cls.env["sale.rush.request"]
            .with_user(user or cls.manager1)
            .create(
                {
                    "order_id": lines.order_id.id,
                    "reason": "The customer's line stands still",
                    "line_ids": [Command.create({"sale_line_id": line.id, "wanted_date": wanted}) for line in lines],
                    **vals,
                }
            )
        )

    @classmethod
    def _submit(cls, request, *users):
        """Submit `request` and have it approved by `users`, in their order."""
        request.action_approval_submit()
        for user in users:
            request.with_user(user).action_approval_approve()
        return request

    @classmethod
    def _granted(cls, *args, **kwargs):
        return cls._submit(cls._request(*args, **kwargs), cls.director, cls.production, cls.gm)

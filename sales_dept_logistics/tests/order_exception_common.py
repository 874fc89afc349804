from datetime import timedelta

from odoo.fields import Command, Date, Datetime

from .delivery_notice_common import DeliveryNoticeCommon


class OrderExceptionCommon(DeliveryNoticeCommon):
    """Confirmed orders with promises, in a company that wants to know of exceptions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sales_dept_delivery_notice = False
        cls.company.sales_dept_order_exceptions = True
        cls.company.resource_calendar_id.tz = "Asia/Shanghai"
        cls.customer.tz = "Europe/Berlin"
        cls.production = cls._create_role_user("production_test", "group_review_production")
        cls.quality = cls._create_role_user("quality_test", "group_review_quality")
        cls.today = cls.company._local_today()
        cls.Exceptions = cls.env["sale.order.exception"]

    @classmethod
    def _day(cls, days):
        return cls.today + timedelta(days=days)

    @classmethod
    def _promised(cls, days=10, lines=1, user=None, **vals):
        """A confirmed order promised for so many days from today."""
        order = cls._create_quotation(
            user,
            user_id=(user or cls.manager1).id,
            commitment_date=cls.company._moment_of(cls._day(days)),
            order_line=[
                Command.create({"product_id": product.id, "product_uom_qty": 10, "price_unit": 10.0})
                for product in (cls.shaft, cls.gear)[:lines]
            ],
            **vals,
        )
        order.action_confirm()
        return order

    @classmethod
    def _plan(cls, order, days):
        """Plan the deliveries of `order` for so many days from today."""
        order.picking_ids.sudo().move_ids.date = cls.company._moment_of(cls._day(days))

    @classmethod
    def _exception(cls, order=None, user=None, **vals):
        order = order or cls._promised()
        return (
            cls.env["sale.order.exception"]
            .with_user(user or cls.manager1)
            .create({"order_id": order.id, "sale_line_id": order.order_line[:1].id, **vals})
        )

    def _find(self):
        """Let the cron find, and return what it opened."""
        before = self.Exceptions.search([])
        self.Exceptions._cron_find()
        return self.Exceptions.search([]) - before

    def _write_to_customer(self, order, body="It will be late", user=None, **values):
        values = {
            "body": body,
            "message_type": "comment",
            "subtype_xmlid": "mail.mt_comment",
            "partner_ids": self.customer.ids,
            **values,
        }
        return order.with_user(user or self.manager1).message_post(**values)

    def _call(self, order, feedback="She knows", summary="Call", user=None, **values):
        call = order.with_user(user or self.manager1).activity_schedule(
            "mail.mail_activity_data_call", summary=summary, user_id=(user or self.manager1).id, **values
        )
        call.action_feedback(feedback=feedback)

    def _opened(self, exception, **ago):
        """Make as if `exception` had been opened so long ago."""
        exception.sudo()._write_protected({"date_opened": Datetime.now() - timedelta(**ago)})
        return exception

    def _todos(self, exception, kind):
        return exception.sudo().activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id == self.env.ref(f"sales_dept_logistics.mail_activity_order_exception_{kind}")
            )
        )

    @staticmethod
    def _date(text):
        return Date.to_date(text)

import base64
import io
from datetime import datetime

from markupsafe import Markup
from PIL import Image

from odoo.fields import Command

from .common import SalesDeptCommon

# Friday to the second Monday after it, in UTC: the schedule of these tests is in UTC too.
FRIDAY_17 = datetime(2026, 5, 8, 17)
MONDAY_11 = datetime(2026, 5, 11, 11)


class CustomerIssueCommon(SalesDeptCommon):
    """A company that works from 8 to 18 from Monday to Friday, and customers that complain."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id = cls.env["resource.calendar"].create(
            {
                "name": "8 to 18",
                "tz": "UTC",
                "company_id": cls.company.id,
                "attendance_ids": [
                    Command.create({"name": "Day", "dayofweek": str(day), "hour_from": 8, "hour_to": 18})
                    for day in range(5)
                ],
            }
        )
        cls.company.sales_dept_issue_portal = True
        cls.customer.user_id = cls.manager1
        cls.quality = cls._create_role_user("quality_test", "group_review_quality")
        cls.Issue = cls.env["customer.issue"]
        cls._limit("delivery", 4, "hours", 2, "days")

    @classmethod
    def _limit(cls, kind, response, response_unit, solution, solution_unit):
        """The limits of a kind in the company of the tests."""
        values = {
            "response_time": response,
            "response_unit": response_unit,
            "solution_time": solution,
            "solution_unit": solution_unit,
        }
        Limit = cls.env["customer.issue.limit"]
        limit = Limit.search([("kind", "=", kind), ("company_id", "=", cls.company.id)])
        if limit:
            limit.write(values)
        else:
            Limit.create({"kind": kind, "company_id": cls.company.id, **values})

    @classmethod
    def _issue(cls, user=None, **vals):
        values = {"title": "Where are the shafts?", "kind": "delivery", "partner_id": cls.customer.id, **vals}
        return cls.Issue.with_user(user or cls.manager1).create(values)

    @classmethod
    def _say(cls, issue, kind="answer", text="They leave tomorrow.", by="mail", user=None):
        """Say something to the customer with the dialog, as the account manager."""
        reply = (
            cls.env["customer.issue.reply"]
            .with_user(user or cls.manager1)
            .create({"issue_id": issue.id, "kind": kind, "by": by, "text": Markup("<p>%s</p>") % text})
        )
        return reply.action_send()

    @classmethod
    def _ask(cls, issue, user=None, by=None, **vals):
        """Ask a department with the dialog; return the question."""
        ask = (
            cls.env["customer.issue.ask"]
            .with_user(by or cls.manager1)
            .create(
                {
                    "issue_id": issue.id,
                    "group_id": cls.env.ref("sales_dept_roles.group_review_quality").id,
                    "user_id": (user or cls.quality).id,
                    "question": "What does the inspection say?",
                    **vals,
                }
            )
        )
        ask.action_ask()
        return cls.env["customer.issue.question"].search([("issue_id", "=", issue.id)], limit=1)

    @classmethod
    def _customer_writes(cls, issue, text="Where are they?", **values):
        return issue.sudo().message_post(
            body=text,
            author_id=cls.customer.id,
            email_from=cls.customer.email,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            **values,
        )

    @classmethod
    def _drawing(cls):
        picture = io.BytesIO()
        image = Image.new("RGB", (60, 20), "white")
        image.putpixel((10, 10), (0, 0, 0))
        image.save(picture, "PNG")
        return base64.b64encode(picture.getvalue())

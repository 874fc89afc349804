from datetime import date, timedelta

from psycopg2.errors import CheckViolation

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.clock.bounds import FIRST_DATE, LAST_DATE, MOST_WORKING_DAYS
from .common import SalesDeptCommon

# With the day on which it happens, or from a field that has bounds.
SET_BY_THE_SYSTEM = {
    ("sales.agreement", "recorded_date"),
    ("calendar.event", "visit_date"),
    ("mail.activity", "assignment_date"),
    ("sale.order.review.line", "wanted_date"),
    ("customer.issue", "link_until"),
    ("customer.statement", "link_until"),
    ("sale.delivery.notice", "link_until"),
}


@tagged("post_install", "-at_install")
class TestBounds(SalesDeptCommon):
    """Dates and limits that nobody can mean are refused with a sentence, whatever the form."""

    def _typed_dates(self):
        """Stored dates of this addon that people type: ``{(model, field)}``."""
        return {
            (model._name, name)
            for model in (self.env[model_name] for model_name in self.registry)
            if model._auto and not model._transient and not model._abstract
            for name, field in model._fields.items()
            if field.type == "date"
            and field.store
            and field._module == "sales_dept_roles"
            and not (field.compute and field.readonly)
            and (model._name, name) not in SET_BY_THE_SYSTEM
        }

    def test_every_date_that_is_typed_has_bounds(self):
        typed = self._typed_dates()
        self.assertGreaterEqual(len(typed), 15)
        for model, name in typed:
            checked = {
                field
                for method in self.env[model]._constraint_methods
                if method.__name__ == "_check_dates"
                for field in method._constrains
            }
            with self.subTest(model=model, field=name):
                self.assertIn(name, checked)
                record = self.env[model].new({name: "2200-01-01"})
                with self.assertRefused("cannot be meant", ValidationError):
                    record._check_dates()

    def test_every_limit_has_bounds(self):
        limits = [
            (self.flow.step_ids[:1], "working_days"),
            (self.company, "sales_dept_review_days"),
            (self.env["sales.policy"].create({"name": "P", "number": "P-1", "body": "Read"}), "working_days"),
        ]
        for record, name in limits:
            record[name] = MOST_WORKING_DAYS
            for value in (MOST_WORKING_DAYS + 1, 100_000, -1):
                with (
                    self.subTest(model=record._name, value=value),
                    mute_logger("odoo.sql_db"),
                    self.assertRaises(CheckViolation) as caught,
                ):
                    record[name] = value
                    self.env.flush_all()
                self.assertIn(str(MOST_WORKING_DAYS), record._sql_error_to_message(caught.exception))

    def test_first_and_last_date(self):
        line = self._create_quotation().order_line
        for day in (FIRST_DATE, LAST_DATE):
            line.wanted_date = day
            self.assertEqual(line.wanted_date, day)
        for day in (FIRST_DATE - timedelta(days=1), LAST_DATE + timedelta(days=1), date.min, date.max):
            with self.subTest(day=day), self.assertRefused("between the years 1900 and 2199", ValidationError):
                line.wanted_date = day

    def test_agreement_to_the_end_of_time(self):
        Agreement = self.env["sales.agreement"]
        vals = {"partner_id": self.customer.id, "subject": "Frame", "kind": "sales", "date_end": "9999-12-31"}
        with self.assertRefused("End: .*cannot be meant", ValidationError):
            Agreement.create(vals)
        agreement = Agreement.create({**vals, "date_end": False})
        # As recorded before there were bounds.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sales_agreement SET date_end = '9999-12-31', date_last = '9999-12-31', date_start = '2020-01-01', "
            "recorded_date = '2020-01-01' WHERE id = %s",
            [agreement.id],
        )
        self.env.invalidate_all()
        self.patch(type(agreement), "state", property(lambda self: "in_force"))
        with self.assertRefused("End: .*cannot be meant", ValidationError):
            agreement.action_renew()

import html
import json
from io import BytesIO
from unittest.mock import patch

from freezegun import freeze_time
from openpyxl import load_workbook

from odoo import http
from odoo.tests import HttpCase, tagged

from ..models.register.register_column import WIDTHS, RegisterColumn
from .common import SalesDeptCommon


@tagged("post_install", "-at_install")
class TestRegister(SalesDeptCommon, HttpCase):
    """One way to download every register."""

    def _post(self, user, model="sales.approval", ids="", token=True):
        self.authenticate(user.login, user.login)
        data = {"model": model, "ids": ids}
        if token:
            data["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open("/sales_dept/register", data=data)

    def _rows(self, response):
        self.assertEqual(response.status_code, 200, response.text[:300])
        title, *rows = load_workbook(BytesIO(response.content)).active.iter_rows(values_only=True)
        return [dict(zip(title, row, strict=True)) for row in rows]

    def _sentence(self, response):
        self.assertEqual(response.status_code, 400)
        return json.loads(html.unescape(response.text))["data"]["message"]

    def _registers(self):
        models = self.registry.items()
        return [name for name, model in models if hasattr(model, "_register_records") and not model._abstract]

    def test_every_register(self):
        self.assertGreaterEqual(len(self._registers()), 4)
        for name in self._registers():
            model = self.env[name].with_user(self.gm)
            with self.subTest(model=name):
                columns = [model._bind_column(column) for column in model._register_columns()]
                self.assertGreater(len(columns), 6)
                self.assertTrue(all(column and column.label and column.width for column in columns))
                action = model.browse(7).action_export_register()
                self.assertEqual(action["params"], {"model": name, "ids": [7]})

    def test_bad_input_gets_a_sentence(self):
        self._sign(self._create_quotation())
        for ids in ("²", "x", "1;2", "-1", "9" * 21, "1)", "1 2"):
            with self.subTest(ids=ids):
                self.assertIn("is no number of a line", self._sentence(self._post(self.gm, ids=ids)))
        for model in ("", "no.model", "res.partner", "sales.dept.register"):
            with self.subTest(model=model):
                self.assertIn("There is no register of", self._sentence(self._post(self.gm, model)))

    def test_empty_choice_gets_a_sentence(self):
        order = self._sign(self._create_quotation())
        self.assertIn("nothing in it", self._sentence(self._post(self.gm, ids="999999999")))
        foreign = self._post(self.manager2, ids=str(order.sudo().approval_ids.id))
        self.assertIn("nothing in it", self._sentence(foreign))

    def test_more_than_a_sheet_holds(self):
        self._sign(self._create_quotation() | self._create_quotation())
        with patch("odoo.addons.sales_dept_roles.models.register.sales_dept_register_mixin.MOST_ROWS", 1):
            self.assertRegex(self._sentence(self._post(self.gm)), "lines are more than a sheet holds, which is 1")

    def test_posted_from_here_only(self):
        self._sign(self._create_quotation())
        self.assertEqual(self._post(self.gm, token=False).status_code, 400)
        self.assertIn(self.url_open("/sales_dept/register?model=sales.approval").status_code, (404, 405))
        self.authenticate(None, None)
        outside = self.url_open("/sales_dept/register", data={"csrf_token": http.Request.csrf_token(self)})
        self.assertNotIn("spreadsheet", outside.headers["Content-Type"])

    def test_column_that_the_reader_may_not_see(self):
        """It is left out of that reader's file, heading and all."""
        order = self._sign(self._create_quotation())
        self.patch(self.env["sales.approval"]._fields["amount"], "groups", "base.group_system")
        [row] = self._rows(self._post(self.gm, ids=str(order.sudo().approval_ids.id)))
        self.assertNotIn("Amount", row)
        self.assertEqual((row["Quotation"], row["Status"]), (order.name, "Approved"))

    def test_column_says_itself_what_it_wants(self):
        model = self.env["sales.approval"]
        of_field = RegisterColumn("amount").bind(model)
        self.assertEqual((of_field.label, of_field.width), ("Amount", WIDTHS["monetary"]))
        own = RegisterColumn("amount", "Sum", 33, lambda record: "much").bind(model)
        self.assertEqual((own.label, own.width, own.value(model)), ("Sum", 33, "much"))

    def test_chosen_lines(self):
        orders = [self._sign(self._create_quotation()) for _number in range(3)]
        ids = [order.sudo().approval_ids.id for order in orders[:2]]
        rows = self._rows(self._post(self.gm, ids=f"[{ids[0]}, {ids[1]}]"))
        self.assertEqual({row["Quotation"] for row in rows}, {order.name for order in orders[:2]})

    def test_counts_quotations(self):
        """A quotation that was asked for three times stands there once, with the request that counts."""
        order = self._create_quotation()
        for price in (90, 80, 70):
            order.order_line.with_user(self.manager1).price_unit = price
            order.with_user(self.manager1).action_approval_submit()
        rows = [row for row in self._rows(self._post(self.gm)) if row["Quotation"] == order.name]
        self.assertEqual(len(rows), 1)
        self.assertEqual(rows[0]["Amount"], 140)
        self.assertFalse(rows[0]["Signed"])
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_roles.action_quote_register")
        self.assertIn("search_default_in_force", action["context"])

    def test_signed_is_when_it_was_signed(self):
        with freeze_time("2030-03-04 02:00:00"):
            order = self._sign(self._create_quotation())
        first = order.sudo().approval_ids
        with freeze_time("2030-03-06 02:00:00"):
            order.order_line.with_user(self.manager1).price_unit = 1
            order.with_user(self.manager1).action_approval_submit()
        self.env.invalidate_all()
        self.assertEqual(first.state, "superseded")
        self.assertEqual(str(first.signed_date), "2030-03-04 02:00:00")
        self.assertEqual(str(first.close_date), "2030-03-04 02:00:00", "not when it was superseded")
        second = order.sudo().approval_ids - first
        self.assertFalse(second.signed_date)
        with freeze_time("2030-03-07 02:00:00"):
            order.with_user(self.gm).action_approval_reject("No")
        self.env.invalidate_all()
        self.assertFalse(second.signed_date, "a refusal is no signature")

    def test_typed_text_is_no_formula(self):
        self.customer.name = "=1+1"
        order = self._sign(self._create_quotation())
        [row] = self._rows(self._post(self.gm, ids=str(order.sudo().approval_ids.id)))
        self.assertEqual(row["Customer"], "=1+1")

    def test_queries_do_not_grow(self):
        orders = self.env["sale.order"].concat(*(self._sign(self._create_quotation()) for _number in range(8)))
        approvals = orders.sudo().approval_ids.with_user(self.gm)

        def cost(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._register_file().close()
            return self.env.cr.sql_log_count - before

        cost(approvals[:1])
        self.assertEqual(cost(approvals[:2]), cost(approvals))

"""Quotations of the demo company, made over JSON-2 by the people who would make them."""

import itertools
import os
import time

SHAFT = "HR-SH-20180"
VALVE = "HR-VB-7075"


class Quotations:
    """Makes what a test needs, each time anew, so that tests do not depend on each other."""

    def __init__(self, api):
        self.api = api
        self._numbers = itertools.count(1)
        self._products = {}

    def customer(self, **values):
        """A new customer with an address that nobody else has; returns ``(id, name, email)``."""
        # Mail of earlier runs is kept, and of those that run at the same time.
        number = f"{int(time.time())}-{os.getpid()}-{next(self._numbers)}"
        name, email = f"Customer {number}", f"buyer-{number}@customer.example"
        customer = self.api("admin").create("res.partner", name=name, email=email, is_company=True, **values)
        return customer, name, email

    def product(self, code):
        if code not in self._products:
            [product] = self.api("manager1").search("product.product", ["default_code", "=", code])
            self._products[code] = product["id"]
        return self._products[code]

    def make(self, by="manager1", price=86.0, discount=0.0, **values):
        """A new quotation; returns its id."""
        line = {"product_id": self.product(SHAFT), "product_uom_qty": 10, "price_unit": price, "discount": discount}
        values.setdefault("partner_id", None)
        values["partner_id"] = values["partner_id"] or self.customer()[0]
        return self.api(by).create("sale.order", order_line=[[0, 0, line]], **values)

    def submitted(self, by="manager1", **values):
        order = self.make(by, **values)
        self.api(by).call("sale.order", "action_approval_submit", [order])
        return order

    def signed(self, by="manager1", **values):
        order = self.submitted(by, **values)
        self.api("gm").call("sale.order", "action_approval_approve", [order])
        return order

    def state(self, order, *fields):
        """Fields of the quotation as an administrator of sales sees them."""
        return self.api("gm").read("sale.order", order, *fields)

    def customer_of(self, order):
        """Name of the customer of the quotation."""
        [partner] = self.api("gm").search("res.partner", ["sale_order_ids", "in", [order]], fields=["name"])
        return partner["name"]

    def approvals(self, order):
        """Approvals of the quotation, latest first, as the general manager sees them."""
        return self.api("gm").search(
            "sales.approval",
            ["res_model", "=", "sale.order"],
            ["res_id", "=", order],
            fields=["state", "decision_ids", "digest", "close_date", "task_ids", "res_name"],
        )

    def decisions(self, order):
        approvals = [approval["id"] for approval in self.approvals(order)]
        return self.api("gm").search(
            "sales.approval.decision",
            ["approval_id", "in", approvals],
            fields=["user_id", "outcome", "task_id", "digest"],
        )

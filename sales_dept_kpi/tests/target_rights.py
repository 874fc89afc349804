from odoo.fields import Command

from odoo.addons.sales_dept_roles.tests.right_matrix import RightMatrixCase


class TargetRights(RightMatrixCase):
    """What the table of rights says about targets and credit splits."""

    allow_inherited_tests_method = True

    def _new_target(self, confirmed=False, submitted=False, approved=False):
        """A target of which the account manager has a share."""
        director = self.people["Director"]
        target = (
            self.env["sales.target"]
            .with_user(director)
            .create(
                {
                    "date_from": "2031-01-01",
                    "spread": "even",
                    "share_ids": [
                        Command.create({"user_id": self.owner.id, "amount": 1200}),
                        Command.create({"amount": 1200}),
                    ],
                }
            )
        )
        if confirmed or submitted or approved:
            target.with_user(self.owner).action_confirm_mine()
        if submitted or approved:
            target.action_approval_submit()
        if approved:
            target.with_user(self.people["General manager"]).action_approval_approve()
        return target

    @classmethod
    def _addon_models(cls):
        # Their rows are made for the companies that are chosen; see `test_target_report.py`, `test_target_spending.py`.
        made = {"sales.target.report", "sales.target.spending"}
        return [name for name in super()._addon_models() if name not in made]

    def _make_company_records(self):
        self._new_target(approved=True)
        order = self._confirmed_order()
        self.env["sales.credit.split"].create(
            {"order_id": order.id, "user_id": self.people["Director"].id, "share": 10}
        )

    def _action_cases(self):
        def share():
            return self._new_target().sudo().share_ids.filtered("user_id")

        yield (
            "Targets: make one",
            lambda: self.env["sales.target"],
            lambda targets: targets.create({"date_from": "2031-01-01"}),
        )
        yield "Targets: change a figure", share, lambda share: share.write({"amount": 5})
        yield "Targets: read the account manager's share", share, lambda share: share.read(["amount"])
        yield (
            "Targets: read a colleague's share",
            lambda: self._new_target().sudo().share_ids.filtered(lambda share: not share.user_id),
            lambda share: share.read(["amount"]),
        )
        yield "Targets: read the company's sum", self._new_target, lambda target: target.read(["sales_amount"])
        yield "Targets: confirm one's own figures", self._new_target, lambda target: target.action_confirm_mine()
        yield "Targets: ask for confirmation", self._new_target, lambda target: target.action_ask()
        yield (
            "Targets: submit",
            lambda: self._new_target(confirmed=True),
            lambda target: target.action_approval_submit(),
        )
        yield (
            "Targets: sign",
            lambda: self._new_target(submitted=True),
            lambda target: target.action_approval_approve(),
        )
        yield (
            "Targets: revise",
            lambda: self._new_target(approved=True),
            lambda target: target._revise("Other figures"),
        )
        yield "Targets: download as XLSX", self._new_target, lambda target: target.check_access("read")
        yield (
            "Credit splits: share an order of the account manager's",
            self._order,
            lambda order: order.env["sales.credit.split"].create(
                {"order_id": order.id, "user_id": self.people["Director"].id, "share": 10}
            ),
        )

from datetime import time
from statistics import median

from odoo import api, fields, models
from odoo.fields import Domain

from ..models.telling.quantity_text import quantity_text
from .checklist_rule import Rule, gate_rule

OPEN_ORDERS = Domain("state", "in", ("draft", "sent"))


class SalesDeptChecklistPolicy(models.TransientModel):
    """A policy of the department, and what it would do: tried on the company's documents by its own rules."""

    _name = "sales.dept.checklist.policy"
    _description = "Rule of the Handbook"

    checklist_id = fields.Many2one("sales.dept.checklist", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="checklist_id.company_id")
    policy = fields.Char("Field of the Policy", required=True, readonly=True)
    name = fields.Char("Rule", compute="_compute_name")
    description = fields.Char("What It Does", compute="_compute_name")
    is_on = fields.Boolean("On", compute="_compute_is_on")
    is_tried = fields.Boolean(compute="_compute_name", help="It keeps documents from going their way.")
    is_signed = fields.Boolean(compute="_compute_name", help="What it asks for is signatures, by a flow.")
    open_count = fields.Integer("Open", readonly=True)
    held_count = fields.Integer("Open That Wait", readonly=True)
    passed_count = fields.Integer("Gone Their Way", readonly=True)
    concerned_count = fields.Integer("Gone That It Concerns", readonly=True)
    waiting_days = fields.Char("Median in Working Days", readonly=True)
    roles = fields.Char("Signed By", readonly=True)

    @api.model
    def _rules(self):
        """Return ``{policy: how it is tried}`` of those that hold documents. Each addon adds its own."""
        orders = {"model": "sale.order", "open": OPEN_ORDERS, "passed_on": "date_order"}
        return {
            "sales_dept_quote_signoff": gate_rule(
                "quote_signoff", entered=("sent", "sale"), flows="sale.order", **orders
            ),
            "sales_dept_order_review": gate_rule(
                "order_review", entered=("sale",), flows="sale.order.review", **orders
            ),
            "sales_dept_customer_file": gate_rule("customer_file", entered=("sale",), **orders),
            "sales_dept_agreement": gate_rule("agreement", entered=("sale",), **orders),
            "sales_dept_leave": Rule(
                model="hr.leave",
                supposing=lambda leaves, policy: leaves._department_leave_supposing(policy),
                open=Domain("state", "in", ("confirm", "validate1")),
                passed=Domain("state", "=", "validate"),
                passed_on="date_from",
                flows="hr.leave",
            ),
        }

    @api.depends("policy")
    @api.depends_context("lang")
    def _compute_name(self):
        rules = self._rules()
        described = self.env["res.company"].fields_get(attributes=["string", "help"])
        for line in self:
            line.name = described[line.policy]["string"]
            line.description = described[line.policy].get("help")
            line.is_tried = line.policy in rules
            line.is_signed = line.is_tried and bool(rules[line.policy].flows)

    @api.depends("policy")
    def _compute_is_on(self):
        for line in self:
            line.is_on = line.company_id[line.policy] not in (False, "off")

    # === THE TRIAL === #

    def _try(self):
        """Try the policies of `self` on the company's documents, as they are now."""
        rules = self._rules()
        for line in self:
            if rule := rules.get(line.policy):
                line.write(line._trial(rule))

    def _trial(self, rule):
        """What the policy does, or would do, to the documents that are open and to those of the last months."""
        open_ones = self._open_documents(rule)
        _needing, held = self._supposing(rule, open_ones)
        passed = self._passed_documents(rule)
        needing, lacking = self._supposing(rule, passed)
        # Of what was signed since, the trial tells how it went; without signatures, what would be held today.
        concerned = needing if self.is_on and rule.flows else lacking
        days = self._waiting_days(rule, concerned) if rule.flows else []
        asked = self.env["sales.approval.flow"]._roles_asked(concerned, rule.flows) if rule.flows else {}
        return {
            "open_count": len(open_ones),
            "held_count": len(held),
            "passed_count": len(passed),
            "concerned_count": len(concerned),
            "waiting_days": quantity_text(self.env, median(days)) if days else False,
            "roles": ", ".join(
                self.env._("%(role)s %(count)s", role=role.name, count=count)
                for role, count in sorted(asked.items(), key=lambda item: -item[1])
            ),
        }

    def _supposing(self, rule, documents):
        """Return those of `documents` that the policy concerns, and those of them that it keeps back."""
        policy = (
            self.company_id[self.policy] if self.is_on else self.company_id._sales_dept_handbook_values()[self.policy]
        )
        return rule.supposing(documents.with_company(self.company_id), policy)

    def _documents(self, rule, domain):
        # The trial is of the whole company, and shows figures and the documents' own list, which asks for rights.
        return self.env[rule.model].sudo().search(Domain("company_id", "=", self.company_id.id) & domain)

    def _open_documents(self, rule):
        return self._documents(rule, rule.open)

    def _passed_documents(self, rule):
        return self._documents(rule, rule.passed & Domain(rule.passed_on, ">=", self._since()))

    def _since(self):
        return self.company_id._moment_of(self.checklist_id.date_from, time.min)

    def _waiting_days(self, rule, documents):
        """Working days: those that signatures took, or that there were for them before `documents` went their way."""
        since = self._since()
        if self.is_on:
            approvals = self.env["sales.approval"].sudo()
            signed = Domain("state", "=", "approved") & Domain("close_date", ">=", since)
            of_kind = Domain("res_model", "=", rule.flows) & Domain("company_id", "=", self.company_id.id)
            return approvals.search_fetch(signed & of_kind, ["working_days"]).mapped("working_days")
        pairs = [
            (document.create_date, document[rule.passed_on])
            for document in documents
            if document.create_date <= document[rule.passed_on]
        ]
        return self.company_id.resource_calendar_id._working_days_between(pairs, self.company_id)

    # === ACTIONS === #

    def action_view_held(self):
        """The open documents that wait by this policy, or would."""
        self.ensure_one()
        rule = self._rules()[self.policy]
        _needing, held = self._supposing(rule, self._open_documents(rule))
        return held.with_env(self.env)._get_records_action(name=self.name)

    def action_switch_on(self):
        handbook = self.company_id._sales_dept_handbook_values()
        self._switch({line.policy: handbook[line.policy] for line in self})

    def action_switch_off(self):
        off = self.company_id._sales_dept_off_values()
        self._switch({line.policy: off[line.policy] for line in self})

    def _switch(self, values):
        self.company_id.write(values)
        # Odoo lets nothing of a dialog follow what is kept.
        self.invalidate_recordset(["is_on"])
        self.checklist_id.invalidate_recordset(["is_all_on", "is_any_on"])
        self._try()

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from .gate_step import GateAction, GateStep

OPEN_STATES = ("draft", "sent")
NOTHING_TO_DO = "nothing"
# The order's company in the SQL of stages: it is looked at once, whatever the number of policies.
POLICIES = "gate_policies"


class SaleOrder(models.Model):
    """The rail: all gates on the order's way, how each stands, whose turn it is, and what the reader can do next.

    Each feature adds its steps by :meth:`_gate_steps`, and says by :meth:`_gate_stages_sql` of which orders they are
    not done: lists and filters ask the database. The places of the steps are those of the values of `gate_stage`.
    """

    _inherit = "sale.order"

    gate_stage = fields.Selection(
        [("confirm", "Confirmation"), ("invoiced", "Invoicing"), ("done", "Done")],
        string="Next Gate",
        compute="_compute_gate_stage",
        search="_search_gate_stage",
        groups="base.group_user",
        help="The first gate on the order's way that is still to be passed.",
    )
    gate_rail = fields.Json("Gates", compute="_compute_gate_rail", groups="base.group_user")
    gate_next = fields.Char(
        compute="_compute_gate_rail",
        help="What the reader can do next: the button that stands out. Empty where no policy is on.",
    )
    gate_offers = fields.Char(
        compute="_compute_gate_rail", help="What else the reader can do about gates, as names of methods."
    )

    # === THE RAIL === #

    @api.model
    def _gate_rail_depends(self):
        """Fields that the steps are made of."""
        return ["state", "company_id", "user_id", "invoice_status"]

    @api.depends(lambda self: self._gate_rail_depends())
    @api.depends_context("uid", "lang", "tz", "allowed_company_ids")
    def _compute_gate_rail(self):
        railed = self.browse()
        if self.env.user._is_internal():
            railed = self.filtered(lambda order: order.state != "cancel" and order.company_id._has_gate_rail())
        steps_of = railed._gate_rail()
        for order in self:
            steps = steps_of.get(order)
            offers = [action.name for step in steps or () for action in step.actions]
            order.gate_next = steps and (offers or [NOTHING_TO_DO])[0]
            order.gate_offers = " ".join(offers)
            order.gate_rail = steps and [order._gate_step_values(step) for step in steps]

    def _gate_rail(self):
        """Return ``{order: [.GateStep]}`` of `self`, in the order of the way."""
        editable = self._gate_filter_editable()
        places = {key: place for place, (key, _label) in enumerate(self._gate_stages())}
        return {
            order: sorted([*steps, order._gate_confirm_step(steps, editable)], key=lambda step: places[step.key])
            for order, steps in self._gate_steps(editable).items()
        }

    def _gate_steps(self, editable):
        """Return ``{order: [.GateStep]}`` of `self` (set-based). Each feature adds its own.

        :param editable: those of `self` that the reader may edit
        """
        return {order: order._gate_invoice_steps(editable) for order in self}

    def _gate_filter_editable(self):
        """Those of `self` that the reader may edit; one that is not saved yet, where they may make it."""
        saved = self._origin._filtered_access("write")
        may_create = self.browse().has_access("create")
        return self.filtered(lambda order: order._origin in saved if order._origin else may_create)

    def _gate_confirm_step(self, steps, editable):
        if self.state not in OPEN_STATES:
            return GateStep("confirm", "passed")
        if any(step.holds and not step.is_done() for step in steps):
            return GateStep("confirm", "later")
        confirm = GateAction("action_confirm", self.env._("Confirm"), is_in_header=True)
        return GateStep(
            "confirm",
            "open",
            sentence=self.env._("Nothing keeps this order from being confirmed."),
            turn=self._gate_responsible(),
            actions=(confirm,) if self in editable else (),
        )

    def _gate_invoice_steps(self, editable):
        if self.state != "sale":
            return [GateStep("invoiced", "later")]
        if self.invoice_status == "no":
            return [GateStep("invoiced", "later", sentence=self.env._("There is nothing to invoice yet."))]
        if self.invoice_status != "to invoice":
            return [GateStep("invoiced", "passed")]
        invoice = GateAction(
            "sale.action_view_sale_advance_payment_inv",
            self.env._("Create Invoice"),
            type="action",
            is_in_header=True,
        )
        return [
            GateStep(
                "invoiced",
                "open",
                sentence=self.env._("This order can be invoiced."),
                actions=(invoice,) if self in editable else (),
            )
        ]

    def _gate_responsible(self):
        """Whose turn it is where the sales department has to do something."""
        return self.user_id.sudo().name or self.env._("Sales")

    @api.model
    def _gate_step_states(self):
        """What the states of steps are called, in the reader's language."""
        return {
            "not_needed": self.env._("not needed"),
            "later": self.env._("later"),
            "open": self.env._("to do"),
            "waiting": self.env._("waiting"),
            "held": self.env._("held"),
            "conditional": self.env._("agreed with conditions"),
            "passed": self.env._("done"),
        }

    def _gate_step_values(self, step):
        """The step as the web client takes it."""
        is_readers = step.state == "waiting" and step.actions
        word = self.env._("your turn") if is_readers else self._gate_step_states()[step.state]
        return {
            **step._asdict(),
            "label": dict(self._gate_stages())[step.key],
            "word": step.word or word,
            "is_done": step.is_done(),
            "actions": [action._asdict() for action in step.actions],
        }

    @api.readonly
    def gate_details(self, key):
        """Return what unfolds below the step `key` of the order, as HTML; nothing where there is nothing to say."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.user._is_internal():
            raise AccessError(self.env._("What colleagues say about an order is theirs to read."))
        return self._gate_details(key)

    def _gate_details(self, key):
        """As :meth:`gate_details`: features that have something to unfold extend it."""
        return ""

    # === LISTS === #

    @api.model
    def _gate_stages(self):
        """The values of `gate_stage` and what they are called, in the order of the way."""
        return self._fields["gate_stage"]._description_selection(self.env)

    def _compute_gate_stage(self):
        # Nothing else is read with it: of a page of orders it is one query.
        ids = self._origin.ids
        stages = (
            self.env.execute_query_dict(
                SQL(
                    "SELECT id, %s AS stage FROM sale_order WHERE id = ANY(%s)",
                    self._gate_stage_sql("sale_order"),
                    ids,
                )
            )
            if ids
            else []
        )
        stage_of = {row["id"]: row["stage"] for row in stages}
        for stage, orders in self.grouped(lambda order: stage_of.get(order._origin.id, False)).items():
            orders.gate_stage = stage

    def _search_gate_stage(self, operator, value):
        if operator != "in":
            return NotImplemented
        stages = [stage for stage in value if stage]

        def to_sql(model, alias, query):
            stage = model._field_to_sql(alias, "gate_stage", query)
            found = SQL("%s = ANY(%s)", stage, stages)
            return SQL("(%s OR %s IS NULL)", found, stage) if False in value else found

        return Domain.custom(to_sql=to_sql, predicate=lambda order: order.gate_stage in value)

    def _field_to_sql(self, alias, field_expr, query=None):
        # So that lists are grouped by it, too.
        if field_expr == "gate_stage":
            self._check_field_access(self._fields["gate_stage"], "read")
            return self._gate_stage_sql(alias)
        return super()._field_to_sql(alias, field_expr, query)

    def _gate_stage_sql(self, alias):
        """`gate_stage` as the database sees it."""
        is_left = self._gate_stages_sql(alias)
        companies = self.env["res.company"]
        policies = companies._gate_rail_policies()
        companies.flush_model(policies)
        holding = SQL(" OR ").join(
            SQL("%s %s", SQL.identifier(POLICIES, name), SQL("IS TRUE") if is_switch else SQL("<> 'off'"))
            for name in policies
            for is_switch in [companies._fields[name].type == "boolean"]
        )
        return SQL(
            """
            CASE WHEN %(state)s <> 'cancel' THEN (
                SELECT CASE %(stages)s ELSE 'done' END
                  FROM res_company %(policies)s
                 WHERE %(company)s = %(company_id)s AND (%(holding)s)
            ) END
            """,
            state=self._field_to_sql(alias, "state"),
            policies=SQL.identifier(POLICIES),
            company=SQL.identifier(POLICIES, "id"),
            company_id=self._field_to_sql(alias, "company_id"),
            holding=holding or SQL("FALSE"),
            stages=SQL(" ").join(
                SQL("WHEN %s THEN %s", is_left[key], key) for key, _label in self._gate_stages() if key in is_left
            ),
        )

    @api.model
    def _gate_stages_sql(self, alias):
        """Return ``{stage: condition that its step is not done}`` of orders with the table's `alias`.

        Each feature adds its own, by what is stored; :meth:`_gate_steps` looks at the documents themselves. The
        order's company is at hand as `POLICIES`.
        """
        state = self._field_to_sql(alias, "state")
        invoice_status = self._field_to_sql(alias, "invoice_status")
        return {
            "confirm": SQL("%s IN %s", state, OPEN_STATES),
            "invoiced": SQL("(%s = 'sale' AND %s IN ('no', 'to invoice'))", state, invoice_status),
        }

    @api.model
    def _gate_is_asked_sql(self, alias, policy):
        """Condition that the order goes by the switch `policy` of its company, and is still to be confirmed."""
        return SQL(
            "%s IN %s AND %s AND %s",
            self._field_to_sql(alias, "state"),
            OPEN_STATES,
            self._order_gate_subjects_sql(alias),
            SQL.identifier(POLICIES, policy),
        )

    @api.model
    def _order_gate_subjects_sql(self, alias):
        """The condition of :meth:`_order_gate_subjects`."""
        return SQL("TRUE")

    # === VIEWS === #

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self.env.companies._has_gate_rail())

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Where no policy is on, lists have no column of gates, and searches no filters for them."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type in ("list", "search") and not self.env.companies._has_gate_rail():
            for node in arch.xpath("//*[@name='gate_stage' or starts-with(@name, 'gate_stage_')]"):
                node.getparent().remove(node)
        return arch, view

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..approval.proof import check_papers
from ..order_gate.gate import Gate
from .sales_agreement import IN_FORCE

CUSTOMER_KINDS = ("sales", "channel")
CONTRACT_RESULTS = {"signed_contract_user_id", "signed_contract_date"}


class SaleOrder(models.Model):
    """A customer without a framework agreement is served only with a contract for that order."""

    _inherit = "sale.order"

    signed_contract = fields.Binary(
        attachment=True,
        copy=False,
        groups="base.group_user",
        help="The contract of this order, signed by the customer. It does not serve for another order.",
    )
    signed_contract_name = fields.Char(copy=False, groups="base.group_user")
    signed_contract_user_id = fields.Many2one(
        "res.users", "Contract Attached By", readonly=True, copy=False, groups="base.group_user"
    )
    signed_contract_date = fields.Datetime("Contract Attached On", readonly=True, copy=False, groups="base.group_user")
    agreement_count = fields.Integer(compute="_compute_agreement_count", groups="base.group_user")
    agreement_missing = fields.Char(
        compute="_compute_agreement_missing",
        groups="base.group_user",
        help="What keeps the order from being confirmed, as far as agreements go.",
    )

    _agreement_gate = Gate(
        name="agreement",
        policy="sales_dept_agreement",
        states=("sale",),
        required="_agreement_filter_required",
        missing="_agreement_lacking",
        messages="_agreement_gate_messages",
        parties="_order_gate_parties",
    )

    # === COMPUTES === #

    @api.depends("partner_id", "company_id")
    @api.depends_context("uid")
    def _compute_agreement_count(self):
        self.agreement_count = 0
        Agreement = self.env["sales.agreement"]
        if not Agreement.has_access("read"):
            return
        customers = self.partner_id.commercial_partner_id
        groups = Agreement._read_group(
            Domain("partner_id", "in", customers.ids) & Domain("kind", "in", CUSTOMER_KINDS),
            ["company_id", "partner_id"],
            ["__count"],
        )
        counts = {(company, partner): count for company, partner, count in groups}
        for order in self:
            order.agreement_count = counts.get((order.company_id, order.partner_id.commercial_partner_id), 0)

    @api.constrains("signed_contract")
    def _check_signed_contract(self):
        check_papers(self, "signed_contract")

    @api.depends("partner_id", "company_id", "state", "signed_contract")
    def _compute_agreement_missing(self):
        messages = self._origin.filtered(lambda order: order.state in ("draft", "sent"))._gate_sentences("agreement")
        for order in self:
            order.agreement_missing = messages.get(order._origin.id, False)

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | CONTRACT_RESULTS

    @api.model
    def _proof_fields(self):
        return super()._proof_fields() | {"signed_contract"}

    @api.model
    def _door_refused_defaults(self):
        return super()._door_refused_defaults() | {"signed_contract"}

    def _door_values(self, vals):
        if "signed_contract" in vals and not vals["signed_contract"]:
            vals = {**vals, "signed_contract_name": False}
        return super()._door_values(vals)

    def _door_created(self, vals_list):
        result = super()._door_created(vals_list)
        attached = [order.id for order, vals in zip(self, vals_list, strict=True) if vals.get("signed_contract")]
        self.browse(attached)._note_contract(True, self.browse())
        return result

    def _door_before(self, vals):
        before = super()._door_before(vals)
        if "signed_contract" in vals:
            before["with_contract"] = self._filter_with_contract()
        return before

    def _door_after(self, vals, before):
        result = super()._door_after(vals, before)
        if "signed_contract" in vals:
            self._note_contract(bool(vals["signed_contract"]), before["with_contract"])
        return result

    def _note_contract(self, is_there, had_contract):
        """Note who attached the contract of the orders `self` and when, or that nobody did, after `had_contract`."""
        self._write_protected(
            {
                "signed_contract_user_id": is_there and self.env.user,
                "signed_contract_date": is_there and fields.Datetime.now(),
            }
        )
        self._log_contract(is_there, had_contract)

    def _log_contract(self, is_there, had_contract):
        """Leave a note on each of `self` whose contract came, changed or went."""
        bodies = {}
        for order in self if is_there else had_contract:
            if not is_there:
                bodies[order.id] = self.env._("Signed contract removed.")
            elif order in had_contract:
                bodies[order.id] = self.env._(
                    "Signed contract replaced: %(file)s", file=order.signed_contract_name or ""
                )
            else:
                bodies[order.id] = self.env._(
                    "Signed contract attached: %(file)s", file=order.signed_contract_name or ""
                )
        self.browse(bodies)._message_log_batch(bodies)

    def _filter_with_contract(self):
        """Those of `self` that have the signed contract of the order, in one query."""
        found = {order_id for _none, order_id in self.env.execute_query(self._contract_sql())}
        return self.filtered(lambda order: order.id in found)

    def _contract_sql(self):
        """The query ``(None, order)`` for those of `self` that have the signed contract of the order."""
        # Where the file lies: a search for orders would first write what waits to be written of them.
        files = self.env["ir.attachment"].sudo()
        res_model, res_id, res_field = (
            files._field_to_sql(files._table, name) for name in ("res_model", "res_id", "res_field")
        )
        return SQL(
            "SELECT NULL::int, %s FROM %s WHERE %s = %s AND %s = 'signed_contract' AND %s = ANY(%s)",
            res_id,
            SQL.identifier(files._table),
            res_model,
            self._name,
            res_field,
            res_id,
            self.ids,
        )

    # === ACTIONS === #

    def action_view_agreements(self):
        """The agreements with the customer of this order."""
        self.ensure_one()
        return self.partner_id.action_view_agreements()

    def action_mend_agreement(self):
        """Open the agreement under way with the customer, or a new one."""
        self.ensure_one()
        found = self.env["sales.agreement"].search(
            Domain("partner_id", "=", self.partner_id.commercial_partner_id.id)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("kind", "in", CUSTOMER_KINDS)
            & Domain("state", "not in", ("expired", "terminated")),
            limit=1,
        )
        action = found._action_open()
        if not found:
            action["context"] = {
                "default_partner_id": self.partner_id.commercial_partner_id.id,
                "default_company_id": self.company_id.id,
                "default_kind": "sales",
                "default_payment_term_id": self.payment_term_id.id,
            }
        return action

    def action_attach_contract(self):
        """Ask for the signed contract of this order."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Signed Contract of %(order)s", order=self.name),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref("sales_dept_roles.view_sale_order_signed_contract_form").id, "form")],
            "target": "new",
        }

    # === THE GATE === #

    def _agreement_filter_required(self, _policy=None):
        """Return the orders of `self` that need an agreement or a signed contract: all that gates look at."""
        return self._order_gate_subjects().with_env(self.env)

    def _agreement_lacking(self, required, _lacking):
        """Return those of `required` that have neither an agreement in force nor a contract of their own."""
        orders = required.sudo()
        served = set(self.env.execute_query(SQL("%s UNION %s", orders._agreement_sql(), orders._contract_sql())))
        return orders.filtered(
            lambda order: (
                (order.company_id.id, order.partner_id.commercial_partner_id.id) not in served
                and (None, order.id) not in served
            )
        ).with_env(self.env)

    def _agreement_sql(self):
        """The query ``(company, customer)`` for those of the orders `self` that have an agreement in force."""
        agreements = self.env["sales.agreement"].sudo()
        company, partner, kind, state = (
            agreements._field_to_sql(agreements._table, name) for name in ("company_id", "partner_id", "kind", "state")
        )
        return SQL(
            "SELECT %s, %s FROM %s WHERE %s = ANY(%s) AND %s = ANY(%s) AND %s IN %s AND %s IN %s",
            company,
            partner,
            SQL.identifier(agreements._table),
            company,
            self.company_id.ids,
            partner,
            self.partner_id.commercial_partner_id.ids,
            kind,
            CUSTOMER_KINDS,
            state,
            IN_FORCE,
        )

    def _agreement_gate_messages(self):
        """Return ``{order id: what is missing, and who can give it}``."""
        # For the sentence only: the newest comes first.
        Agreement = self.env["sales.agreement"].sudo()
        orders = self.sudo()
        found = Agreement.search(orders._agreement_domain())
        # Together, as from each by itself it would be read one by one.
        found.mapped("state")
        found = found.grouped(lambda agreement: (agreement.company_id, agreement.partner_id))
        return {
            order.id: order._agreement_gate_message(found.get(order._agreement_parties(), Agreement)[:1])
            for order in orders
        }

    def _agreement_domain(self):
        """Agreements with the customers of the orders `self`, whatever they are worth."""
        return (
            Domain("partner_id", "in", self.partner_id.commercial_partner_id.ids)
            & Domain("company_id", "in", self.company_id.ids)
            & Domain("kind", "in", CUSTOMER_KINDS)
        )

    def _agreement_parties(self):
        return self.company_id, self.partner_id.commercial_partner_id

    def _agreement_gate_message(self, newest):
        """What is missing, and who can give it.

        :param newest: the newest agreement with the customer, whatever it is worth, or none
        """
        self.ensure_one()
        sentences = [
            self.env._(
                "%(order)s: %(customer)s has no agreement in force today, and no signed contract is attached to this "
                "order.",
                order=self.name,
                customer=self.partner_id.commercial_partner_id.name,
            )
        ]
        if newest:
            states = dict(newest._fields["state"]._description_selection(self.env))
            sentences.append(
                self.env._("Agreement %(number)s: %(state)s.", number=newest.name, state=states[newest.state])
            )
        sentences.append(
            self.env._(
                "The account manager or the sales assistant makes an agreement, which the sales director and the "
                "general manager approve, or attaches the contract that the customer signed for this order."
            )
        )
        return " ".join(sentences)

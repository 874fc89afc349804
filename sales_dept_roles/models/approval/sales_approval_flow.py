import ast
import logging
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, ormcache
from odoo.tools.safe_eval import datetime as safe_datetime
from odoo.tools.safe_eval import safe_eval

_logger = logging.getLogger(__name__)


def _constant(condition):
    """Return the ``Domain`` of the text `condition` where it is the same for everybody, else the text."""
    try:
        return Domain(ast.literal_eval(condition))
    except (SyntaxError, ValueError):
        return condition


def _in_turn(table, company_id):
    """Return the rows of `table` that `company_id` follows, in the order in which they are tried.

    They stand in their order already, but a flow of all the rest comes after each exemption: else a
    company's own one would ask signatures for what every company exempts.
    """
    rows = [row for row in table if row[1] in (False, company_id)]
    first = next((index for index, row in enumerate(rows) if row[2] == ""), len(rows))
    exemptions = [row for row in rows[first:] if row[2] != "" and not row[3]]
    return rows[:first] + exemptions + [row for row in rows[first:] if row not in exemptions]


class SalesApprovalFlow(models.Model):
    _name = "sales.approval.flow"
    _description = "Approval Flow"
    _inherit = ["mail.thread", "sales.dept.changes.mixin", "sales.dept.shared.mixin"]
    _order = "res_model, company_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(default=10, help="The first flow whose condition a document meets is the one it follows.")
    model_id = fields.Many2one(
        "ir.model",
        string="Document",
        required=True,
        ondelete="cascade",
        domain=lambda self: [("model", "in", self._approval_model_names())],
    )
    res_model = fields.Char(related="model_id.model", string="Document Model", store=True, index=True)
    condition_model = fields.Char(
        compute="_compute_condition_model", help="Whose fields the conditions speak of: the document's own, mostly."
    )
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        default=lambda self: self.env["res.users"]._company_of_new_configuration(),
        help="Leave empty for a flow that every company follows. A company's own flows come first.",
    )
    domain = fields.Char(
        string="Condition",
        default="[]",
        required=True,
        tracking=True,
        help="Documents that this flow is for. An empty condition makes it the flow of all the rest.",
    )
    is_catch_all = fields.Boolean(compute="_compute_is_catch_all")
    different_people = fields.Boolean(
        "Different People for Each Step",
        tracking=True,
        help="Whoever signed one step, or had it signed in their name, signs no other of the same document, whatever "
        "roles they hold.",
    )
    note = fields.Text(string="Purpose", translate=True, help="Why this flow exists, for those who read it later.")
    step_ids = fields.One2many("sales.approval.flow.step", "flow_id", string="Steps", copy=True)
    signers = fields.Char(
        "Signed By", compute="_compute_signers", help="The roles in their order, and who holds them in the company."
    )
    is_without_signer = fields.Boolean(compute="_compute_signers", help="A role that it asks is held by nobody.")

    @api.depends("domain")
    def _compute_is_catch_all(self):
        for flow in self:
            flow.is_catch_all = not (flow.domain or "").strip("[] \n\t")

    @api.depends("res_model")
    def _compute_condition_model(self):
        for flow in self:
            flow.condition_model = self._condition_model(flow.res_model)

    @api.depends("step_ids.group_id", "step_ids.sequence", "company_id")
    @api.depends_context("company", "lang")
    def _compute_signers(self):
        holders = {}
        for flow in self:
            company = flow.company_id or self.env.company
            roles = flow.sudo().step_ids.sorted("sequence").group_id
            for role in roles:
                if (company, role) not in holders:
                    holders[company, role] = role._role_holders(company)
            flow.is_without_signer = any(not holders[company, role] for role in roles)
            flow.signers = flow._signers_text({role: holders[company, role] for role in roles})

    def _signers_text(self, holders):
        """The roles in their order, those asked at the same time side by side, and who holds them.

        :param dict holders: ``{role: users}``
        """
        self.ensure_one()
        turns = self.sudo().step_ids.grouped("sequence")
        if not turns:
            return self.env._("No signature needed")
        return " → ".join(
            " + ".join(self._signer_text(role, holders[role]) for role in turns[number].group_id)
            for number in sorted(turns)
        )

    def _signer_text(self, role, users):
        if not users:
            return self.env._("%(role)s (nobody)", role=role.name)
        return self.env._("%(role)s (%(names)s)", role=role.name, names=", ".join(users.mapped("name")))

    @api.constrains("domain", "model_id")
    def _check_domain(self):
        for flow in self:
            flow._check_condition(flow.domain, flow.condition_model, flow.name)

    def _concerned(self):
        """The models whose documents follow these flows."""
        return set(self.mapped("res_model"))

    @api.model
    def _after_change(self, concerned, names=None):
        self.env.registry.clear_cache()
        return super()._after_change(concerned, names)

    @api.model
    def _approval_model_names(self):
        """Names of the models that take part in the engine, that is, that inherit its mixin, or one built on it."""
        names = self.env.registry.descendants(["sales.approval.mixin"], "_inherit")
        return [name for name in names if not self.env[name]._abstract]

    @api.model
    def _condition_model(self, res_model):
        """Return the name of the model on which conditions of flows for `res_model` are asked."""
        return self.env[res_model]._approval_subject()._name if res_model in self._approval_model_names() else res_model

    @api.model
    def _check_condition(self, condition, res_model, label):
        """:raises ValidationError: with a sentence, when `condition` is no domain on `res_model`"""
        if not res_model or res_model not in self.env:
            return
        try:
            query = self.env[res_model].sudo()._search(self._eval_condition(condition))
            # The database plans the query, and says what it cannot compare; it need not look for records.
            self.env.execute_query(SQL("EXPLAIN %s", query.select()))
        except Exception as error:
            # A condition is typed by a person: whatever is wrong with it, they get one sentence.
            raise ValidationError(
                self.env._(
                    "The condition of “%(name)s” cannot be read: %(error)s. Use the condition editor to mend it.",
                    name=label,
                    error=error,
                )
            ) from error

    @api.model
    def _eval_condition(self, condition):
        """Return the ``Domain`` of a condition text; dates may be relative (``context_today()``)."""
        return Domain(
            safe_eval(
                condition or "[]",
                {
                    "uid": self.env.uid,
                    "datetime": safe_datetime,
                    "context_today": (self.company_id or self.env.company)._local_today,
                },
            )
        )

    @api.model
    def _match(self, records, with_catch_all=True, res_model=None):
        """Return ``{record id: flow}`` with the flow that each of `records` follows.

        Set-based: the flows are read once and each is tried on all that is still without one.

        :param records: documents of one model, or the subjects of such documents
        :param str res_model: the documents' model, where `records` are their subjects
        :param bool with_catch_all: False leaves out flows without a condition (policy "by rule")
        """
        found = {}
        table = self._flow_table(res_model or records._name)
        # A document without a company goes by the current one, also beside documents of others.
        for company, left in records.grouped(lambda record: record.company_id or self.env.company).items():
            for flow_id, _company_id, condition, _has_steps in _in_turn(table, company.id):
                is_catch_all = condition == ""
                if is_catch_all and not with_catch_all:
                    continue
                # Customers ask, too, on the portal: they may not read flows.
                flow = self.sudo().browse(flow_id)
                matching = left if is_catch_all else flow._filter_matching(left, condition)
                found.update(dict.fromkeys(matching.ids, flow))
                left -= left.browse(matching.ids)
        return found

    @api.model
    def _filter_required(self, records, policy_field, res_model=None, policy=None):
        """Return those of `records` that need an approval by their company's policy, given or not.

        :param str policy_field: field of the company: ``off``, ``rule`` (only what meets the condition of a flow) or
            ``all``
        :param str res_model: as in :meth:`_match`
        :param str policy: value supposed in place of the companies' own
        """
        supposed = policy
        required = records.browse()
        exempting = None
        for company, of_company in records.grouped(lambda record: record.company_id or self.env.company).items():
            policy = supposed or company[policy_field] or "off"
            if policy == "off":
                continue
            flows = self._match(of_company, with_catch_all=policy == "all", res_model=res_model)
            # A flow without steps is how a company exempts what its condition describes.
            exempting = self._exempting_ids(res_model or records._name) if exempting is None else exempting
            exempt = {record_id for record_id, flow in flows.items() if flow.id in exempting}
            wanted = set(of_company._ids) if policy == "all" else flows
            required |= of_company.filtered(
                lambda record, wanted=wanted, exempt=exempt: record.id in wanted and record.id not in exempt
            )
        return required

    @api.model
    def _roles_asked(self, records, res_model=None):
        """Return ``{role: how many of `records` are put before it}``, by the flow that each of them follows.

        :param records, res_model: as in :meth:`_match`
        """
        asked = defaultdict(set)
        flows = self._match(records, res_model=res_model)
        for flow in self.sudo().union(*flows.values()):
            of_flow = records.filtered(lambda record, flow=flow: flows.get(record.id) == flow)
            for step in flow.step_ids:
                asked[step.group_id].update(step._filter_subjects(of_flow)._ids)
        return {group: len(ids) for group, ids in asked.items() if ids}

    @api.model
    def _required_sql(self, subjects, alias, policy, res_model=None):
        """The condition of :meth:`_filter_required`, for rows of the table of `subjects` with that `alias`.

        :param subjects: any records of the model on which conditions are asked
        :param SQL policy: the policy of the row's company
        """
        table = self._flow_table(res_model or subjects._name)
        company = subjects._field_to_sql(alias, "company_id")
        is_all = SQL("(%s = 'all')", policy)
        # Flows of every company stand in another order for a company that has its own.
        owners = sorted({row[1] for row in table} - {False})
        has_steps = self._has_steps_sql(subjects, alias, _in_turn(table, False), is_all)
        if owners:
            cases = [
                SQL(
                    "WHEN %s = %s THEN %s",
                    company,
                    owner,
                    self._has_steps_sql(subjects, alias, _in_turn(table, owner), is_all),
                )
                for owner in owners
            ]
            has_steps = SQL("CASE %s ELSE %s END", SQL(" ").join(cases), has_steps)
        return SQL("(%s IN ('rule', 'all') AND %s)", policy, has_steps)

    @api.model
    def _has_steps_sql(self, subjects, alias, rows, is_all):
        """Whether signatures are asked by the first of the flows `rows` that a row follows.

        :param SQL is_all: whether they are asked of what follows no flow, too
        """
        cases = []
        for flow_id, _company_id, condition, has_steps in rows:
            if condition == "":
                is_followed = is_all
            else:
                is_followed = self.sudo().browse(flow_id)._condition_sql(subjects, alias, condition)
            cases.append(SQL("WHEN %s THEN %s", is_followed, has_steps))
        return SQL("CASE %s ELSE %s END", SQL(" ").join(cases), is_all) if cases else is_all

    def _condition_sql(self, subjects, alias, condition):
        """That a row meets `condition`, which is that of this flow; see :meth:`_filter_matching`."""
        self.ensure_one()
        try:
            domain = self._eval_condition(condition) if isinstance(condition, str) else condition
            meeting = subjects.browse().sudo()._search(domain)
        except (KeyError, TypeError, ValueError) as error:
            _logger.warning("The condition of approval flow %r cannot be read any more: %s", self.name, error)
            return SQL("TRUE") if self.step_ids else SQL("FALSE")
        # Asked row by row where few are looked at: not of all documents there ever were.
        return SQL(
            "EXISTS (SELECT FROM (%s) AS meeting WHERE meeting.id = %s)",
            meeting.select(),
            subjects._field_to_sql(alias, "id"),
        )

    @api.model
    @ormcache("res_model")
    def _flow_table(self, res_model):
        """The flows of `res_model` as plain values, since each confirmation and each edit asks for them.

        :return: ``[(id, company id or False, condition, whether it has steps)]``, a company's own flows
            before those of every company. The condition is a ``Domain``, or text where it speaks of the
            user or of today; it is empty where there is none.
        """
        # An archived flow exempts nothing, whatever the client's context says.
        flows = self.sudo().with_context(active_test=True).search([("res_model", "=", res_model)])
        return tuple(
            (flow.id, flow.company_id.id, "" if flow.is_catch_all else _constant(flow.domain), bool(flow.step_ids))
            for flow in flows.sorted(lambda flow: (not flow.company_id, flow.sequence, flow.id))
        )

    @api.model
    def _exempting_ids(self, res_model):
        """Ids of the flows without steps: what they are for needs no signature."""
        return {flow_id for flow_id, _company, _condition, has_steps in self._flow_table(res_model) if not has_steps}

    def _filter_matching(self, records, condition):
        """Return those of `records` that meet `condition`, which is that of this flow.

        A condition may come to speak of a field that is gone with its module. Then nobody's work
        stops and nothing goes unsigned: such a flow asks for its signatures, and exempts nobody.
        """
        self.ensure_one()
        try:
            domain = self._eval_condition(condition) if isinstance(condition, str) else condition
            return records.sudo().filtered_domain(domain)
        except (KeyError, TypeError, ValueError) as error:
            _logger.warning("The condition of approval flow %r cannot be read any more: %s", self.name, error)
            return records if self.step_ids else records.browse()

    @api.model
    @ormcache("res_model")
    def _condition_fields(self, res_model):
        """Return the names of the fields of `res_model` that conditions of its flows read, and of what these follow."""
        names = set()
        for flow in self.sudo().with_context(active_test=True).search([("res_model", "=", res_model)]):
            try:
                conditions = flow._eval_condition(flow.domain).iter_conditions()
                names.update(condition.field_expr.split(".")[0] for condition in conditions)
            except ValueError as error:
                _logger.warning("The condition of approval flow %r cannot be read any more: %s", flow.name, error)
        model_fields = self.env[res_model]._fields
        pending = [name for name in names if name in model_fields]
        while pending:
            paths = self.pool.field_depends.get(model_fields[pending.pop()], ())
            found = {path.split(".")[0] for path in paths} - names
            names |= found
            pending += found
        return frozenset(names)

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from ..approval.term_contents import BANK, COUNTRY, PAYMENT_TERM, STATE
from ..approval.terms import six_decimals
from ..protected_results.key import Key
from .keys import name_key, vat_country, vat_key

STATES = {"none": "none", "pending": "submitted", "approved": "archived", "stale": "reopened", "rejected": "refused"}

SUBMITTERS = ("account_manager", "assistant", "director")


# Whoever keeps or files what is known of customers; to others a customer is an address.
FILE_READERS = "sales_team.group_sale_salesman,sales_dept_roles.group_finance_verifier"


class ResPartner(models.Model):
    """Customer file: what finance files about a customer before its first order.

    The file is kept on the commercial entity, and there is one of it, also where several companies
    share the customer: payment terms and credit limit are those of the company that filed it.
    """

    _name = "res.partner"
    _inherit = ["res.partner", "sales.approval.mixin"]

    approval_summary = fields.Html(groups=FILE_READERS)
    customer_file_state = fields.Selection(
        [
            ("none", "Not Submitted"),
            ("submitted", "Submitted"),
            ("archived", "Filed"),
            ("reopened", "Reopened"),
            ("refused", "Refused"),
        ],
        string="Customer File",
        compute="_compute_customer_file_state",
        store=True,
        copy=False,
        groups="base.group_user",
        help="Reopened: something was changed after the file was submitted or filed, so finance looks at it again.",
    )
    customer_file_invoice_title = fields.Char(
        "Invoice Title", groups=FILE_READERS, help="The name that invoices to this customer are made out to."
    )
    customer_file_invoice_kind = fields.Selection(
        [
            ("ordinary", "Ordinary VAT Invoice"),
            ("special", "Special VAT Invoice"),
            ("export", "Export Invoice"),
        ],
        string="Invoice Kind",
        groups=FILE_READERS,
    )
    customer_file_payment_method = fields.Selection(
        [
            ("transfer", "Bank Transfer"),
            ("bank_acceptance", "Bank Acceptance Bill"),
            ("trade_acceptance", "Commercial Acceptance Bill"),
            ("cheque", "Cheque"),
            ("letter_of_credit", "Letter of Credit"),
            ("collection", "Documentary Collection"),
            ("cash", "Cash"),
        ],
        string="Payment Method",
        groups=FILE_READERS,
    )
    customer_file_closing_day = fields.Integer(
        "Closing Day",
        groups=FILE_READERS,
        help="Day of the month on which the customer closes its books: its invoices must be in its hands before. In a "
        "shorter month it is the last day.",
    )
    customer_file_credit_limit = fields.Float(
        "Credit Limit (Filed)",
        related="credit_limit",
        groups=FILE_READERS,
        help="Set by those who may see Odoo's own credit limit, on the tab Invoicing.",
    )
    customer_file_function = fields.Selection(
        [
            ("purchasing", "Purchasing"),
            ("finance", "Finance"),
            ("quality", "Quality"),
            ("warehouse", "Warehouse"),
            ("engineering", "Engineering"),
            ("management", "Management"),
        ],
        string="Responsible For",
        groups="base.group_user",
        help="What this person is to be asked about at the customer's.",
    )
    customer_file_paper_ids = fields.One2many(
        "res.partner.paper",
        "partner_id",
        string="Papers",
        groups="sales_team.group_sale_salesman,sales_dept_roles.group_finance_verifier",
    )
    customer_file_duplicate_ids = fields.Many2many(
        "res.partner",
        string="Customers with the Same Name",
        compute="_compute_customer_file_duplicate_ids",
        groups="base.group_user",
    )
    customer_file_duplicate_reason = fields.Char(
        "Why It Is Another Customer",
        groups="base.group_user",
        help="Asked for where another customer has the same name but for punctuation, case or legal form.",
    )
    customer_file_missing = fields.Char(
        "Missing in the File", compute="_compute_customer_file_missing", groups=FILE_READERS
    )
    customer_file_checklist = fields.Html(
        "Checklist", compute="_compute_customer_file_checklist", sanitize=False, groups=FILE_READERS
    )
    customer_file_archive_date = fields.Datetime(
        "Filed On", compute="_compute_customer_file_archive_date", groups="base.group_user"
    )
    customer_file_name_key = Key(
        compute="_compute_customer_file_name_key",
        store=True,
        precompute=True,
        index="btree_not_null",
        groups="base.group_user",
    )
    customer_file_vat_key = Key(
        compute="_compute_customer_file_vat_key",
        store=True,
        precompute=True,
        index="btree_not_null",
        groups="base.group_user",
    )

    _customer_file_closing_day_in_month = models.Constraint(
        "CHECK (customer_file_closing_day BETWEEN 0 AND 31)",
        "The closing day of a customer is a day of the month, 1 to 31; 0 stands for none.",
    )

    # === COMPUTES === #

    @api.depends("approval_state")
    def _compute_customer_file_state(self):
        for partner in self:
            partner.customer_file_state = STATES.get(partner.approval_state, "none")

    @api.depends("name", "parent_id", "is_company")
    def _compute_customer_file_name_key(self):
        for partner in self:
            partner.customer_file_name_key = name_key(partner.name) if partner._is_customer_file_holder() else False

    @api.depends("vat", "parent_id", "is_company")
    def _compute_customer_file_vat_key(self):
        for partner in self:
            partner.customer_file_vat_key = vat_key(partner.vat) if partner._is_customer_file_holder() else False

    @api.depends("customer_file_name_key", "company_id")
    def _compute_customer_file_duplicate_ids(self):
        same = self._customer_file_same("customer_file_name_key")
        for partner in self:
            partner.customer_file_duplicate_ids = same.get(partner)

    @api.depends(lambda self: self._approval_terms_depends())
    @api.depends_context("company", "lang")
    def _compute_customer_file_missing(self):
        missing = self._customer_file_missing_items()
        for partner in self:
            partner.customer_file_missing = ", ".join(missing[partner].mapped("name"))

    @api.depends(lambda self: self._approval_terms_depends())
    @api.depends_context("company", "lang")
    def _compute_customer_file_checklist(self):
        missing = self._customer_file_missing_items()
        items = self._customer_file_required_items()
        for partner in self:
            partner.customer_file_checklist = self.env["ir.qweb"]._render(
                "sales_dept_roles.customer_file_checklist", {"items": items, "missing": missing[partner]}
            )

    @api.depends("approval_state")
    def _compute_customer_file_archive_date(self):
        for partner in self:
            approval = partner._origin.sudo()._approval_in_force()
            partner.customer_file_archive_date = approval.close_date if approval.state == "approved" else False

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            "customer_file_state",
            "customer_file_name_key",
            "customer_file_vat_key",
            # Whose file it is: else a customer is passed off as another one.
            "commercial_partner_id",
        }

    def copy_data(self, default=None):
        """A tax number that may be given once is not copied along."""
        vals_list = super().copy_data(default)
        for partner, vals in zip(self, vals_list, strict=True):
            if partner._customer_file_policy() and partner._is_customer_file_holder() and "vat" not in (default or {}):
                vals.pop("vat", None)
        return vals_list

    @api.constrains("vat", "active", "company_id", "country_id")
    def _check_customer_file_vat(self):
        """Where the policy is on, colleagues give a tax number once.

        Outsiders who type one are not told who else is a customer: that is found when the file is submitted.
        """
        if not self.env.user._is_internal():
            return
        asked = self.filtered(
            lambda partner: partner.active and partner.customer_file_vat_key and partner._customer_file_policy()
        )
        for partner, others in asked._customer_file_same("customer_file_vat_key").items():
            raise ValidationError(partner._customer_file_same_vat_message(others))

    # === ACTIONS === #

    def action_open_customer_file(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.commercial_partner_id.id,
            "views": [(self.env.ref("sales_dept_roles.view_customer_file_form").id, "form")],
        }

    # === BUSINESS === #

    def _is_customer_file_holder(self):
        """Whether a customer file is kept here: on the commercial entity, not on its contacts and addresses."""
        self.ensure_one()
        return self.is_company or not self.parent_id

    def _customer_file_policy(self):
        """Whether the company of this customer, or else the current one, asks for customer files."""
        self.ensure_one()
        return (self.company_id or self.env.company).sudo().sales_dept_customer_file

    def _customer_file_company(self):
        """The company whose payment terms and credit limit stand in the file."""
        self.ensure_one()
        return self.sudo()._approval_in_force().company_id or self.company_id or self.env.company

    def _customer_file_missing_items(self):
        """Return ``{partner: required checklist items that it has not}`` (set-based).

        Asked is what its own company requires; of one that companies share, what the current one does.
        """
        missing = {}
        for company, partners in self.grouped(lambda partner: partner.company_id or self.env.company).items():
            # Also of companies in which the reader does not work: contacts of colleagues there are seen by all.
            of_company = partners.sudo().with_company(company)
            required = of_company._customer_file_required_items().with_env(self.env)
            given = required._given(of_company)
            for partner in partners:
                missing[partner] = required.filtered(
                    lambda item, partner=partner, given=given: partner not in given[item]
                )
        return missing

    @api.model
    def _customer_file_required_items(self):
        return self.env.company.sudo().sales_dept_customer_file_item_ids.filtered("active").with_env(self.env)

    def _customer_file_same(self, key):
        """Return ``{partner: other customers of the same company with the same `key`}``, as superuser (one query).

        Parent and subsidiary may share a name or a tax number. A tax number stays a customer's when that one is
        archived; one without a country is taken for that of the customer's country.
        """
        is_vat = key == "customer_file_vat_key"
        keys = set(self.mapped(key)) - {False}
        if not keys:
            return {}
        found = (
            self.env["res.partner"]
            .sudo()
            .with_context(active_test=not is_vat)
            .search_fetch([(key, "in", list(keys))], [key, "company_id", "parent_id", "vat", "country_id"])
            .grouped(key)
        )
        same = {}
        for partner in self:
            company = partner.company_id or self.env.company
            others = found.get(partner[key], self.browse()).filtered(
                lambda other, partner=partner, company=company: (
                    other != partner._origin
                    and other.company_id.id in (False, company.id)
                    and not (other.parent_id and other.parent_id == partner._origin)
                    and partner.parent_id != other
                    and not (is_vat and partner._customer_file_countries_differ(other))
                )
            )
            if others:
                same[partner] = others.with_env(self.env)
        return same

    def _customer_file_countries_differ(self, other):
        """Whether the tax numbers of `self` and of `other` are certainly of two countries."""
        countries = {vat_country(partner.vat) or partner.country_id.code for partner in (self.sudo(), other)}
        return len(countries - {None, False}) > 1

    def _customer_file_same_vat_message(self, others):
        self.ensure_one()
        if not any(others.mapped("active")):
            return self.env._(
                "%(vat)s is the tax number of %(other)s already, a customer that was archived: take it out of the "
                "archive and use it, merge the two, or correct the number.",
                vat=self.vat,
                other=", ".join(others.mapped("display_name")),
            )
        return self.env._(
            "%(vat)s is the tax number of %(other)s already, so %(customer)s cannot have it too. Use that customer, "
            "merge the two, or correct the number.",
            vat=self.vat,
            other=", ".join(others.mapped("display_name")),
            customer=self.display_name,
        )

    def _customer_file_outsider_message(self):
        self.ensure_one()
        return self.env._(
            "%(contact)s does not stand in the file of customer %(customer)s. Put the contact directly under the "
            "customer and have finance file it again, or choose another contact.",
            contact=self.name or self.display_name,
            customer=self.commercial_partner_id.name,
        )

    def _customer_file_messages(self):
        """Return ``{partner id: what keeps its file from being filed}``, in words for colleagues (set-based)."""
        partners = self.sudo()
        messages = partners._approval_lacking_messages()
        missing = partners._customer_file_missing_items()
        for partner in partners:
            if missing[partner] and partner.approval_state != "pending":
                items = ", ".join(missing[partner].mapped("name"))
                messages[partner.id] += " " + self.env._("Missing: %(items)s.", items=items)
        return messages

    def _approval_not_asked_message(self):
        return self.env._(
            "The file of customer %(customer)s is not filed. An account manager, the assistant or the director "
            "submits it on the tab “Customer File” of the customer, and finance files it.",
            customer=self.display_name,
        )

    # === APPROVAL === #

    @api.model
    def _approval_terms_spec(self):
        head = [
            "name",
            "customer_file_invoice_title",
            "vat",
            "company_registry",
            "street",
            "street2",
            "zip",
            "city",
            "state_id",
            "country_id",
            "phone",
            "email",
            "customer_file_invoice_kind",
            "customer_file_payment_method",
            "property_payment_term_id",
            "customer_file_closing_day",
            "credit_limit",
            "customer_file_duplicate_reason",
        ]
        address = ["street", "street2", "zip", "city", "state_id", "country_id"]
        place = {"state_id": STATE, "country_id": COUNTRY}
        return {**dict.fromkeys(head), **place, "property_payment_term_id": PAYMENT_TERM} | {
            "bank_ids": {"acc_number": None, "bank_id": BANK, "acc_holder_name": None, "currency_id": None},
            "child_ids": dict.fromkeys(["name", "type", "customer_file_function", "phone", "email", *address]) | place,
            "customer_file_paper_ids": dict.fromkeys(
                ["kind", "number", "issue_date", "expiry_date", "file_name", "file_checksum"]
            ),
        }

    @api.model
    def _approval_terms_depends(self):
        return super()._approval_terms_depends() + ["bank_ids.active", "child_ids.active", "child_ids.is_company"]

    def _approval_begin_terms(self, contents, spec=None, lang=None, with_texts=True):
        # As superuser, since the company that filed it need not be one in which the reader works.
        companies = self.sudo().grouped(lambda partner: partner._customer_file_company())
        begun = [
            (
                super(ResPartner, of_company)._approval_begin_terms(contents, spec, lang, with_texts),
                # The company's general limit, which changes without anybody looking at this customer.
                six_decimals(self._fields["credit_limit"].get_company_dependent_fallback(of_company)),
            )
            for of_company in (partners.with_company(company) for company, partners in companies.items())
        ]
        return lambda: {
            partner_id: terms | {"credit_limit": six_decimals(0)} if terms.get("credit_limit") == general else terms
            for of_company, general in begun
            for partner_id, terms in of_company().items()
        }

    @api.model
    def _approval_term_domain(self, name):
        """Archived lines do not count; subsidiaries have files of their own."""
        if name == "bank_ids":
            return Domain("active", "=", True)
        if name == "child_ids":
            return Domain("active", "=", True) & Domain("is_company", "=", False)
        return Domain.TRUE

    @api.model
    def _approval_line_label(self, lines, values):
        if lines._name == "res.partner.bank":
            return values.get("acc_number") or lines._description
        if lines._name == "res.partner.paper":
            kinds = dict(lines._fields["kind"]._description_selection(self.env))
            return " ".join(filter(None, [kinds.get(values.get("kind")), values.get("number")]))
        if lines._name == "res.partner" and not values.get("name"):
            types = dict(lines._fields["type"]._description_selection(self.env))
            return types.get(values.get("type")) or lines._description
        return super()._approval_line_label(lines, values)

    @api.model
    def _approval_kind(self):
        return self.env._("Customer File")

    @api.model
    def _approval_ended_domain(self):
        """A customer that became a contact of another has no file of its own any more."""
        contact = Domain("parent_id", "!=", False) & Domain("is_company", "=", False)
        return super()._approval_ended_domain() | contact

    def _approval_submit(self):
        if self and not self._customer_file_may_submit():
            raise AccessError(
                self.env._("Customer files are submitted by an account manager, the sales assistant or the director.")
            )
        return super()._approval_submit()

    @api.model
    def _customer_file_may_submit(self):
        """Whether the user is one of those whose duty it is to hand customer files to finance."""
        return self.env.su or any(self.env.user.has_group(f"sales_dept_roles.group_{role}") for role in SUBMITTERS)

    def _approval_submit_error_messages(self):
        messages = super()._approval_submit_error_messages()
        # Looked up for all at once.
        same_vat = self._customer_file_same("customer_file_vat_key")
        same_name = self._customer_file_same("customer_file_name_key")
        missing = self._customer_file_missing_items()
        none = self.browse()
        for partner in self.filtered(lambda partner: partner not in messages):
            message = partner._customer_file_submit_error_message(
                same_vat.get(partner, none), same_name.get(partner, none), missing[partner]
            )
            if message:
                messages[partner] = message
        return messages

    def _customer_file_submit_error_message(self, same_vat, same_name, missing):
        """Return why this file is not ready for finance, or False.

        :param same_vat: other customers with the same tax number
        :param same_name: other customers with the same name
        :param missing: required checklist items that it has not
        """
        self.ensure_one()
        if not self._is_customer_file_holder():
            return self.env._(
                "%(contact)s is a contact of %(customer)s: the file is kept there.",
                contact=self.display_name,
                customer=self.commercial_partner_id.display_name,
            )
        if same_vat:
            return self._customer_file_same_vat_message(same_vat)
        refused = self.sudo()._approval_in_force().filtered(lambda approval: approval.state == "rejected")
        if refused and self.sudo()._approval_matches(refused):
            return self.env._(
                "Finance refused the file of %(customer)s: %(reason)s. Nothing was changed since: mend that first, "
                "then submit it again.",
                customer=self.display_name,
                reason=(refused.reason or "").rstrip("."),
            )
        if missing:
            return self.env._(
                "The file of %(customer)s is not complete. Missing: %(items)s.",
                customer=self.display_name,
                items=", ".join(missing.mapped("name")),
            )
        if same_name and not self.customer_file_duplicate_reason:
            return self.env._(
                "%(customer)s has the same name as %(other)s. Use that customer or merge the two; if it is another "
                "one, say why under “Why It Is Another Customer”.",
                customer=self.display_name,
                other=", ".join(same_name.mapped("display_name")),
            )
        return False

    def _prepare_approval_values(self, flow):
        return {
            **super()._prepare_approval_values(flow),
            "partner_id": self.id,
            "responsible_id": self.user_id.id,
        }

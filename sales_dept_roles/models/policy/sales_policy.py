from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import is_html_empty

from ..clock.bounds import MOST_WORKING_DAYS, check_dates

# What readers confirm they have read: it changes with a new version only.
CONTENT = {"name", "number", "body", "attachment_ids", "date_effective", "company_id"}
# So many of the readers are named in a sentence.
NAMED = 5
READ_ACTIVITY = "sales_dept_roles.mail_activity_read_policy"
RECORDED = {"state", "version", "previous_id", "publish_date", "publisher_id", "reminder_date"}


class SalesPolicy(models.Model):
    """One version of a policy that the addressees confirm to have read."""

    _name = "sales.policy"
    _description = "Policy"
    _inherit = ["mail.thread", "mail.activity.mixin", "sales.dept.protected.mixin"]
    _order = "number, version desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char("Title", required=True, tracking=True)
    number = fields.Char(
        "Policy No.", required=True, copy=False, tracking=True, help="As in the register of documents."
    )
    version = fields.Integer(required=True, readonly=True, default=1, copy=False)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    body = fields.Html("Text", sanitize_attributes=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Attachments")
    audience = fields.Selection(
        [("all", "Everybody in the company"), ("roles", "Certain roles")],
        required=True,
        default="all",
        # It may be widened once published: who did, and when, stays on record.
        tracking=True,
    )
    group_ids = fields.Many2many(
        "res.groups",
        string="Roles",
        tracking=True,
        domain=lambda self: [("privilege_id", "=", self.env.ref("sales_dept_roles.privilege_sales_dept").id)],
    )
    date_effective = fields.Date("In Force From", default=lambda self: self.env.company._local_today())
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        check_company=True,
        domain="[('share', '=', False)]",
        index="btree_not_null",
    )
    working_days = fields.Integer(
        "To Be Read Within (Working Days)",
        required=True,
        default=3,
        help="Who has not confirmed by then is reminded, and again each time as many working days later.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published"), ("replaced", "Replaced"), ("withdrawn", "No Longer in Force")],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
    )
    previous_id = fields.Many2one("sales.policy", "Replaces", readonly=True, copy=False, index="btree_not_null")
    publish_date = fields.Datetime("Published On", readonly=True, copy=False)
    publisher_id = fields.Many2one("res.users", "Published By", readonly=True, copy=False)
    reminder_date = fields.Datetime("Last Reminder", readonly=True, copy=False)
    receipt_ids = fields.One2many("sales.policy.receipt", "policy_id", string="Receipts", readonly=True)
    reading_ids = fields.One2many("sales.policy.reading", "policy_id", string="Who Has Read It", readonly=True)
    addressee_count = fields.Integer("Addressees", compute="_compute_counts")
    read_count = fields.Integer("Have Read", compute="_compute_counts")
    read_share = fields.Float("Read (%)", compute="_compute_counts", digits=(5, 1))
    my_receipt_date = fields.Datetime("Read by Me", compute="_compute_my_receipt")
    waits_for_me = fields.Boolean("To Be Read by Me", compute="_compute_my_receipt", search="_search_waits_for_me")

    _version_unique = models.UniqueIndex(
        "(company_id, number, version)",
        "There is this version of the policy already: take another number, or start from the newest version.",
    )
    _one_in_force = models.UniqueIndex(
        "(company_id, number) WHERE state = 'published'",
        "A version of this policy is published already: start a new version from it.",
    )
    _check_working_days = models.Constraint(
        f"CHECK(working_days BETWEEN 1 AND {MOST_WORKING_DAYS})",
        f"Give readers at least one working day to read the policy, and no more than {MOST_WORKING_DAYS}.",
    )

    @api.depends("name", "number", "version")
    def _compute_display_name(self):
        for policy in self:
            policy.display_name = self.env._(
                "%(number)s %(title)s (version %(version)s)",
                number=policy.number or "",
                title=policy.name or "",
                version=policy.version,
            )

    @api.depends("receipt_ids", "state", "audience", "group_ids")
    def _compute_counts(self):
        # The share is told to every reader of the policy; who it is made of is not.
        counts = {
            policy.id: (total, read)
            for policy, total, read in self.env["sales.policy.reading"]
            .sudo()
            ._read_group([("policy_id", "in", self.ids)], ["policy_id"], ["__count", "read_count:sum"])
        }
        for policy in self:
            policy.addressee_count, policy.read_count = counts.get(policy.id, (0, 0))
            policy.read_share = 100.0 * policy.read_count / policy.addressee_count if policy.addressee_count else 0.0

    @api.depends("receipt_ids", "state", "audience", "group_ids")
    @api.depends_context("uid")
    def _compute_my_receipt(self):
        receipts = self.env["sales.policy.receipt"].sudo()
        mine = dict(
            receipts._read_group(
                [("policy_id", "in", self.ids), ("user_id", "=", self.env.uid)], ["policy_id"], ["date:max"]
            )
        )
        asked = self.sudo().search(self._search_waits_for_me("in", [True]) & Domain("id", "in", self.ids))
        for policy in self:
            policy.my_receipt_date = mine.get(policy, False)
            policy.waits_for_me = policy.id in asked.ids

    def _search_waits_for_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        readings = (
            self.env["sales.policy.reading"].sudo()._search([("user_id", "=", self.env.uid), ("read_count", "=", 0)])
        )
        return Domain("id", "in", readings.subselect("policy_id"))

    # === RIGHTS === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | RECORDED

    def _files_on_record(self):
        issued = self.exists().filtered(lambda policy: policy.state != "draft")
        return super()._files_on_record() | issued.attachment_ids

    def _refused_fields(self, names):
        """A new version is made with its number, as one number is there once."""
        return super()._refused_fields(names) - ({"version", "previous_id"} if self.env.su else set())

    def write(self, vals):
        if not self.env.su:
            if CONTENT & vals.keys() and (closed := self.filtered(lambda policy: policy.state != "draft")):
                raise UserError(
                    self.env._(
                        "%(policy)s was published: what people have read does not change. "
                        "Start a new version with the button “New Version”.",
                        policy=closed[0].display_name,
                    )
                )
        if not vals.keys() & {"audience", "group_ids"}:
            return super().write(vals)
        published = self.filtered(lambda policy: policy.state == "published")
        before = published._readers()
        result = super().write(vals)
        after = published._readers()
        for policy in published:
            if released := before[policy] - after[policy]:
                raise UserError(
                    self.env._(
                        "%(policy)s is published: %(names)s would not have to read it any more. It can be addressed to "
                        "further readers; to fewer only as a new version, with the button “New Version”.",
                        policy=policy.display_name,
                        names=", ".join(released.sudo().mapped("name")[:NAMED]),
                    )
                )
        return result

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Readers are asked; they do not follow the policy, so that a comment on it is not mailed to everybody."""
        if self.env.context.get("sales_policy_asks"):
            return True
        return super().message_subscribe(partner_ids, subtype_ids)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        for policy in self:
            if policy.state != "draft":
                raise UserError(
                    self.env._(
                        "%(policy)s was published, and its receipts are a record: withdraw it instead of deleting it.",
                        policy=policy.display_name,
                    )
                )

    @api.constrains("date_effective")
    def _check_dates(self):
        check_dates(self, "date_effective")

    @api.constrains("audience", "group_ids")
    def _check_audience(self):
        privilege = self.env.ref("sales_dept_roles.privilege_sales_dept")
        for policy in self:
            if policy.audience == "roles" and not policy.group_ids:
                raise ValidationError(
                    self.env._("Choose the roles to whom %(policy)s is addressed.", policy=policy.display_name)
                )
            if policy.group_ids.sudo().privilege_id - privilege or any(
                not group.privilege_id for group in policy.group_ids.sudo()
            ):
                raise ValidationError(
                    self.env._(
                        "%(policy)s can be addressed to roles of the sales department.", policy=policy.display_name
                    )
                )

    # === ACTIONS === #

    def action_publish(self):
        """Put the drafts `self` in force, in place of the versions before, and ask the addressees to read."""
        self.check_access("write")
        for policy in self:
            if message := policy._publish_error_message():
                raise UserError(message)
        for policy in self.sudo():
            policy._replaced()._close("replaced")
            policy.attachment_ids = policy.attachment_ids._kept_for(policy)
            policy._write_protected(
                {"state": "published", "publish_date": fields.Datetime.now(), "publisher_id": self.env.user}
            )
        self.sudo()._ask_to_read()

    def _publish_error_message(self):
        """Return why the policy cannot be published now, or False."""
        self.ensure_one()
        if self.state != "draft":
            return self.env._("%(policy)s is not a draft any more.", policy=self.display_name)
        if not self.attachment_ids and is_html_empty(self.body):
            return self.env._("%(policy)s has neither a text nor an attachment.", policy=self.display_name)
        if not self.sudo()._addressees():
            return self.env._(
                "%(policy)s is addressed to nobody: no user of %(company)s holds its roles.",
                policy=self.display_name,
                company=self.company_id.name,
            )
        return False

    def _replaced(self):
        """The versions in force of the policies `self`."""
        return self.search(
            Domain.OR(
                Domain("company_id", "=", policy.company_id.id) & Domain("number", "=", policy.number)
                for policy in self
            )
            & Domain("state", "=", "published")
            & Domain("id", "not in", self.ids)
        )

    def action_new_version(self):
        """Open a draft that will replace this version when it is published."""
        self.ensure_one()
        self.check_access("write")
        if self.state == "draft":
            raise UserError(self.env._("%(policy)s is a draft: edit it as it is.", policy=self.display_name))
        newest = self.search([("company_id", "=", self.company_id.id), ("number", "=", self.number)], limit=1)
        if newest.state != "draft":
            newest = newest.sudo().copy(newest._prepare_new_version_values()).with_env(self.env)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": newest.id,
            "views": [(False, "form")],
        }

    def _prepare_new_version_values(self):
        return {
            "name": self.name,
            "number": self.number,
            "version": self.version + 1,
            "previous_id": self.id,
            "date_effective": self.company_id._local_today(),
            "attachment_ids": [Command.set(self.attachment_ids.ids)],
        }

    def action_withdraw(self):
        self.check_access("write")
        if closed := self.filtered(lambda policy: policy.state != "published"):
            raise UserError(self.env._("%(policy)s is not published.", policy=closed[0].display_name))
        self.sudo()._close("withdrawn")

    def _close(self, state):
        """Take `self` out of force; nobody is asked to read them any more."""
        self._write_protected({"state": state})
        self._open_activities().unlink()

    def action_confirm_read(self):
        """Record that the user has read `self`: for himself, once per version, while it is in force."""
        self.check_access("read")
        asked = (
            self.env["sales.policy.reading"]
            .sudo()
            .search([("policy_id", "in", self.ids), ("user_id", "=", self.env.uid)])
        )
        for policy in self:
            if policy.state != "published":
                raise UserError(
                    self.env._("%(policy)s is not in force: there is nothing to confirm.", policy=policy.display_name)
                )
            if policy not in asked.policy_id:
                raise AccessError(
                    self.env._(
                        "%(policy)s is not addressed to you: nobody else can confirm for its readers.",
                        policy=policy.display_name,
                    )
                )
        have = asked.filtered("read_count").policy_id
        self.env["sales.policy.receipt"].sudo().create(
            [{"policy_id": policy.id, "user_id": self.env.uid} for policy in self - have]
        )
        self.sudo()._open_activities(self.env.user).action_archive()
        self.env["sales.policy.reading"].invalidate_model()

    def action_remind(self):
        """Mail those who have not confirmed `self` yet."""
        self.check_access("write")
        if closed := self.filtered(lambda policy: policy.state != "published"):
            raise UserError(self.env._("%(policy)s is not published.", policy=closed[0].display_name))
        unread = self.sudo()._unread()
        if not any(unread.values()):
            raise UserError(self.env._("Everybody has read it: there is nobody to remind."))
        self.sudo()._ask_to_read()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%(count)s reminded.", count=sum(len(users) for users in unread.values())),
            },
        }

    def action_open_readings(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sales_dept_roles.action_sales_policy_readings"),
            "domain": [("policy_id", "=", self.id)],
            "context": {"search_default_group_read": 1},
        }

    # === READERS === #

    def _addressees(self):
        """The users whom the policy addresses, published or not."""
        self.ensure_one()
        domain = Domain("share", "=", False) & Domain("company_ids", "in", self.company_id.ids)
        if self.audience == "roles":
            domain &= Domain("all_group_ids", "in", self.group_ids.ids)
        return self.env["res.users"].search(domain)

    def _readers(self):
        """Return ``{policy: users who have to read it, whether they have or not}``, as superuser."""
        self.flush_model()
        Reading = self.env["sales.policy.reading"].sudo()
        Reading.invalidate_model()
        readers = dict(Reading._read_group([("policy_id", "in", self.ids)], ["policy_id"], ["user_id:recordset"]))
        return {policy: readers.get(policy.sudo(), self.env["res.users"]) for policy in self}

    def _unread(self):
        """Return ``{policy: users who have not confirmed it}``."""
        rows = self.env["sales.policy.reading"]._read_group(
            [("policy_id", "in", self.ids), ("read_count", "=", 0)], ["policy_id"], ["user_id:recordset"]
        )
        unread = dict(rows)
        return {policy: unread.get(policy, self.env["res.users"]) for policy in self}

    def _open_activities(self, users=None):
        domain = [
            ("res_model", "=", self._name),
            ("res_id", "in", self.ids),
            ("activity_type_id", "=", self.env.ref(READ_ACTIVITY).id),
        ]
        if users is not None:
            domain.append(("user_id", "in", users.ids))
        return self.env["mail.activity"].search(domain)

    def _ask_to_read(self):
        """Give everybody who has not confirmed `self` an activity, and one mail per policy."""
        self.env["sales.policy.reading"].invalidate_model()
        unread = self._unread()
        telling = self.env["sales.dept.telling"]
        until = {policy: policy._prepare_reading_values() for policy in self}
        wanted = [(policy, user, until[policy]) for policy in self for user in unread[policy]]
        telling.with_context(sales_policy_asks=True)._ask(READ_ACTIVITY, wanted, per_person=True, quiet=True)
        for policy in self:
            telling._notify(
                unread[policy],
                lambda reader: reader.env._("Please read: %(policy)s", policy=reader.display_name),
                lambda reader: reader.env._(
                    "Please read %(policy)s and confirm it with the button “I Have Read It”.",
                    policy=reader.display_name,
                ),
                about=policy,
            )
        self._write_protected({"reminder_date": fields.Datetime.now()})

    def _prepare_reading_values(self):
        """Until when it is read."""
        self.ensure_one()
        day = self.env["mail.activity"]._assignment_deadline(self.working_days, self.company_id)
        return {"date_deadline": day or self.company_id._local_today()}

    @api.model
    def _cron_remind(self):
        """Remind of what is unread for the policy's number of working days; ask whoever joined since."""
        now = fields.Datetime.now()
        published = self.search([("state", "=", "published")])
        due = self.browse()
        for company, policies in published.grouped("company_id").items():
            passed = company.resource_calendar_id._working_days_between(
                [(policy.reminder_date or policy.publish_date, now) for policy in policies], company
            )
            due |= policies.browse(
                policy.id for policy, days in zip(policies, passed, strict=True) if days >= policy.working_days
            )
        self.env["sales.dept.job"]._run(
            "sales_dept_roles.ir_cron_policy_remind", due, lambda batch: batch._ask_to_read(), batch_size=1
        )

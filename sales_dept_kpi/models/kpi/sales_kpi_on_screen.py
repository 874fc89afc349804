from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

COUNTED = {"model_id", "domain", "part_domain", "date_field_id", "person_field_id", "amount_field_id"}


class SalesKpi(models.Model):
    """A KPI put together on screen: documents of a model, whose they are, on which day, and what is counted of them.

    It counts what its maker may read, whoever asks: nobody learns by it what they could not look up themselves.
    """

    _inherit = "sales.kpi"

    model_id = fields.Many2one(
        "ir.model",
        "Documents",
        ondelete="cascade",
        domain="[('transient', '=', False), ('abstract', '=', False)]",
        help="The kind of documents that it counts.",
    )
    model_name = fields.Char(related="model_id.model", string="Model's Name")
    domain = fields.Char("Which of Them", help="Empty: all of them.")
    part_domain = fields.Char("Of Which Met", help="Of these the ones that count as met; the share is theirs.")
    date_field_id = fields.Many2one(
        "ir.model.fields",
        "By Day",
        ondelete="cascade",
        domain="[('model_id', '=', model_id), ('ttype', 'in', ('date', 'datetime')), ('store', '=', True)]",
        help="The month that a document belongs to.",
    )
    person_field_id = fields.Many2one(
        "ir.model.fields",
        "By Person",
        ondelete="cascade",
        domain="[('model_id', '=', model_id), ('ttype', '=', 'many2one'), ('relation', '=', 'res.users'), "
        "('store', '=', True)]",
        help="Whose it is.",
    )
    amount_field_id = fields.Many2one(
        "ir.model.fields",
        "Amount",
        ondelete="cascade",
        domain="[('model_id', '=', model_id), ('ttype', 'in', ('integer', 'float', 'monetary')), ('store', '=', True)]",
        help="What is added up. Empty: each document counts as one.",
    )
    maker_id = fields.Many2one(
        "res.users",
        "Counts as Seen By",
        readonly=True,
        copy=False,
        help="Who last said what it counts, and may read it.",
    )

    _complete = models.Constraint(
        "CHECK (source IS NOT NULL OR model_id IS NOT NULL AND date_field_id IS NOT NULL"
        " AND person_field_id IS NOT NULL)",
        "Say which documents the KPI counts, by which day and by which person.",
    )
    _share_of_what = models.Constraint(
        "CHECK (source IS NOT NULL OR measure <> 'share' OR part_domain IS NOT NULL)",
        "A share is part of something: say which of the documents count as met.",
    )
    _average_of_what = models.Constraint(
        "CHECK (source IS NOT NULL OR measure <> 'mean' OR amount_field_id IS NOT NULL)",
        "An average is that of an amount: choose one.",
    )

    @api.onchange("model_id")
    def _onchange_model_id(self):
        self.domain = self.part_domain = self.date_field_id = self.person_field_id = self.amount_field_id = False

    # === RULES === #

    @api.constrains(*COUNTED)
    def _check_counted(self):
        for kpi in self.filtered("model_id"):
            # As whoever says so, also where that is the system at work for them.
            model = kpi._counted_model(self.env.user)
            if not model.has_access("read"):
                raise AccessError(
                    self.env._("You may not read %(documents)s, so you cannot count them.", documents=kpi.model_id.name)
                )
            for field in kpi._counted_fields():
                kpi._check_counted_field(model, field)
            for domain in (kpi.domain, kpi.part_domain):
                self.env["sales.approval.flow"]._check_condition(domain, model._name, kpi.name)

    def _check_counted_field(self, model, field):
        own = model._fields.get(field.name)
        if field.model_id != self.model_id or not own or not own.store or not model._has_field_access(own, "read"):
            raise UserError(
                self.env._(
                    "“%(field)s” of %(documents)s cannot be counted.",
                    field=field.field_description,
                    documents=self.model_id.name,
                )
            )
        if own.type == "monetary" and not self._is_company_currency(model, own):
            raise UserError(
                self.env._(
                    "“%(field)s” is in the currency of each document, and different currencies do not add up. Choose "
                    "an amount in the company's currency.",
                    field=field.field_description,
                )
            )

    def _is_company_currency(self, model, field):
        currency = model._fields[field.get_currency_field(model)]
        return currency.name == "company_currency_id" or (currency.related or "") == "company_id.currency_id"

    def _counted_fields(self):
        return self.date_field_id | self.person_field_id | self.amount_field_id

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_maker(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_maker(vals))

    @api.model
    def _with_maker(self, vals):
        """Whoever says what is counted is who counts: nobody names another."""
        vals = {name: value for name, value in vals.items() if name != "maker_id"}
        return {**vals, "maker_id": self.env.uid} if vals.keys() & COUNTED else vals

    def _meaning_fields(self):
        return super()._meaning_fields() | COUNTED

    # === FIGURES === #

    def _explanation(self):
        if not self.model_id:
            return super()._explanation()
        # What a KPI counts is said to whoever it is counted for, who may not look at models.
        kpi = self.sudo()
        amount, documents = kpi.amount_field_id.field_description, kpi.model_id.name
        counts = (
            self.env._("%(amount)s of %(documents)s.", amount=amount, documents=documents)
            if amount
            else self.env._("%(documents)s, each as one.", documents=documents)
        )
        return {
            "counts": counts,
            "basis": self.env._(
                "By “%(person)s” and “%(day)s”, of those that %(maker)s may read.",
                person=kpi.person_field_id.field_description,
                day=kpi.date_field_id.field_description,
                maker=kpi.maker_id.name,
            ),
        }

    def _reasons(self):
        if not self.model_id:
            return super()._reasons()
        return {"met": self.env._("Met"), "counted": self.env._("Counted")}

    def _evidence_sql(self, period):
        return self._counted_sql(period) if self.model_id else super()._evidence_sql(period)

    def _counted_model(self, user):
        return self.env[self.model_id.model].with_user(user).with_context(active_test=False)

    def _counted_sql(self, period):
        """As :meth:`_evidence_sql`: the documents as their own model finds them for the maker, in one query."""
        if period.company not in self.maker_id.company_ids:
            # Whoever does not work there reads nothing there.
            return self.env["sales.kpi.source"]._no_evidence_sql()
        model = self._counted_model(self.maker_id).with_context(allowed_company_ids=period.company.ids)
        condition = model.env["sales.approval.flow"]._eval_condition
        query = model._search(condition(self.domain) & self._counted_domain(model, period))
        part = model._search(condition(self.part_domain)).subselect() if self.part_domain else None

        def column(name):
            return model._field_to_sql(model._table, name, query)

        met = SQL("%s IN %s", column("id"), part) if self.part_domain else SQL("TRUE")
        amount = (
            SQL("COALESCE(%s, 0)::numeric", column(self.amount_field_id.name)) if self.amount_field_id else SQL("1")
        )
        return query.select(
            SQL("%s AS user_id", column(self.person_field_id.name)),
            SQL("%s AS res_model", model._name),
            SQL("%s AS res_id", column("id")),
            SQL("%s AS name", self._counted_name(model, column)),
            SQL("%s AS date", self._counted_day(column, period)),
            SQL("CASE WHEN %s THEN %s ELSE 0 END::numeric AS numerator", met, amount),
            # Of an average there are so many, of a share so much.
            SQL("%s::numeric AS denominator", SQL("1") if self.measure == "mean" else amount),
            SQL("0::numeric AS overlay, 0::numeric AS pending"),
            SQL("CASE WHEN %s THEN %s ELSE 'counted' END AS reason", met, "met" if self.part_domain else "counted"),
        )

    def _counted_domain(self, model, period):
        name, moments = self.date_field_id.name, self.date_field_id.ttype == "datetime"
        since, until = (period.moment_from, period.moment_to) if moments else (period.date_from, period.date_to)
        domain = Domain(name, ">=", since) & Domain(name, "<", until)
        if "company_id" in model._fields:
            return domain & Domain("company_id", "=", period.company.id)
        # Of no company's own they are the company's of whoever they belong to.
        return domain & Domain(f"{self.person_field_id.name}.company_id", "=", period.company.id)

    def _counted_day(self, column, period):
        day = column(self.date_field_id.name)
        if self.date_field_id.ttype == "date":
            return day
        return period.day_sql(day)

    def _counted_name(self, model, column):
        name = model._fields.get(model._rec_name or "")
        if name and name.store and name.type == "char":
            return column(name.name)
        return SQL("'#' || %s", column("id"))

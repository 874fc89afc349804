from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

PREFIX = "sales.upkeep.kind."


class SalesUpkeepKind(models.AbstractModel):
    """What is to be tended in Odoo, and when it is not. An addon adds a kind by a class of its own::

        class SalesUpkeepKindVisit(models.AbstractModel):
            _name = "sales.upkeep.kind.visit"
            _inherit = "sales.upkeep.kind"
            _description = "Visits without Outcome"
            _upkeep_model = "my.visit"
            _upkeep_action = "my_addon.action_visits"

            def _upkeep_hint(self): ...
            def _upkeep_scope(self, company): ...
            def _upkeep_untended(self, company): ...

    It is counted for everybody at once, by the same domain that its list opens with.
    """

    _name = "sales.upkeep.kind"
    _description = "Kind of Upkeep"

    # The documents, and the screen that shows them.
    _upkeep_model = None
    _upkeep_action = None
    _upkeep_sequence = 100

    # === WHAT A KIND SAYS === #

    @api.model
    def _upkeep_title(self):
        """Its name in the reader's language: what is left."""
        return self.env["ir.model"]._get(self._name).name

    @api.model
    def _upkeep_hint(self):
        """In the reader's language: what is to be done about it."""
        return ""

    @api.model
    def _upkeep_scope(self, company):
        """The ``Domain`` of all documents of `company` that have to be tended."""
        raise NotImplementedError

    @api.model
    def _upkeep_untended(self, company):
        """The ``Domain`` of those of them that are not. It is sent to the web client, so it holds plain values."""
        raise NotImplementedError

    @api.model
    def _upkeep_user_sql(self, alias):
        """SQL of the id of who has to tend a document; of none, nobody's."""
        return SQL.identifier(alias, "user_id")

    @api.model
    def _upkeep_name_sql(self, alias):
        """SQL of what a document is called."""
        return SQL.identifier(alias, "name")

    # === REGISTRY === #

    @api.model
    def _upkeep_kinds(self):
        """All kinds that are registered, in the order of screens."""
        names = self.env.registry.descendants(["sales.upkeep.kind"], "_inherit")
        kinds = [self.env[name] for name in names if name.startswith(PREFIX)]
        return sorted(kinds, key=lambda kind: (kind._upkeep_sequence, kind._name))

    @api.model
    def _upkeep_code(self):
        return self._name.removeprefix(PREFIX)

    # === COUNTING === #

    @api.model
    def _upkeep_documents_sql(self, company):
        """``kind, user_id, res_model, res_id, name, is_untended`` of all documents of this kind in `company`."""
        documents = self.env[self._upkeep_model].sudo().with_context(active_test=True)
        scope = self._upkeep_scope(company)
        untended = documents._search(scope & self._upkeep_untended(company))
        table = documents._table
        return documents._search(scope).select(
            SQL("%s AS kind", self._upkeep_code()),
            SQL("%s AS user_id", self._upkeep_user_sql(table)),
            SQL("%s AS res_model", self._upkeep_model),
            SQL("%s AS res_id", SQL.identifier(table, "id")),
            SQL("%s AS name", self._upkeep_name_sql(table)),
            SQL("%s IN %s AS is_untended", SQL.identifier(table, "id"), untended.subselect()),
        )

    @api.model
    def _upkeep_stale(self, company):
        """The ``Domain`` of what nobody touched for the company's number of days, and for which nothing is planned."""
        day = company._local_today() - timedelta(days=company.sales_dept_stale_days)
        return Domain("write_date", "<", fields.Datetime.to_string(company._moment_of(day))) & Domain(
            "activity_ids", "=", False
        )

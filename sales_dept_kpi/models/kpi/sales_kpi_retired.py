from odoo import api, fields, models


class SalesKpi(models.Model):
    """A KPI whose program was uninstalled: what it measured stays on record, and says what it was.

    Installed again, it goes on.
    """

    _inherit = "sales.kpi"

    # What the program said of it: {language: {"title": …, "explanation": {…}, "reasons": {…}}}
    kept_texts = fields.Json(readonly=True, copy=False, export_string_translation=False)

    @api.model
    def _retire(self, modules):
        """Keep the KPIs that have figures, and whose program is one of the `modules`, which are about to go.

        Those that were never computed go with them.
        """
        totals = self.env["sales.kpi.total"].sudo()
        for (kpi,) in totals._read_group([("kpi_id.source", "!=", False)], ["kpi_id"]):
            source = kpi._source()
            if source is not None and source._original_module in modules:
                kpi._retire_one()

    def _retire_one(self):
        languages = self.env["res.lang"].get_installed()
        texts = {code: self.with_context(lang=code)._program_texts() for code, _name in languages}
        if not self.own_name:
            self.with_context(tracking_disable=True)._name_as_kept(texts)
        self.write({"kept_texts": texts, "active": False})
        # Without it the KPI stays when the module goes.
        self.env["ir.model.data"].sudo().search([("model", "=", self._name), ("res_id", "=", self.id)]).unlink()

    def _revive(self):
        """Let the program, which is back, speak for the KPI again; return whether it had been away."""
        self.ensure_one()
        if not self.kept_texts:
            return False
        titles = {code: texts["title"] for code, texts in self.kept_texts.items()}
        if all(self.with_context(lang=code).own_name == title for code, title in titles.items()):
            self.with_context(tracking_disable=True).own_name = False
        self.write({"kept_texts": False, "active": True})
        return True

    def _program_texts(self):
        source = self._source()
        return {
            "title": source._kpi_title(),
            "explanation": source._kpi_explanation(),
            "reasons": source._kpi_reasons(),
        }

    def _name_as_kept(self, texts):
        # The first sets what other languages begin with.
        for code in sorted(texts, key=lambda code: code != "en_US"):
            self.with_context(lang=code).own_name = texts[code]["title"]

    def _explanation(self):
        return super()._explanation() or self._kept("explanation")

    def _reasons(self):
        return super()._reasons() or self._kept("reasons")

    def _kept(self, part):
        texts = self.kept_texts or {}
        return (texts.get(self.env.lang) or next(iter(texts.values()), {})).get(part, {})

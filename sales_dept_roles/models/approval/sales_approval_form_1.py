from copy import deepcopy

from odoo import api, models
from odoo.tools import split_every


class SalesApproval(models.Model):
    """Approvals from before version 19.0.1.1.0, whose terms held the ids of records and said nothing of their content.

    They stay valid for what they covered (:func:`.terms.digest` knows their form). When the addon is upgraded, the
    records of their terms get the names that they have then, so that these too are texts from then on.
    """

    _inherit = "sales.approval"

    @api.model
    @api.private
    def _freeze_terms_of_form_1(self):
        """Put names beside the ids in the terms of all approvals of form 1 that have none yet."""
        approvals = self.sudo().search([("terms_form", "=", 1), ("terms", "!=", False)], order="id")
        for ids in split_every(1000, approvals._ids):
            batch = self.sudo().browse(ids)
            for res_model, of_model in batch.grouped("res_model").items():
                if res_model in self.env:
                    of_model._freeze_names(self.env[res_model]._approval_subject())
            self.env.flush_all()
            self.env.invalidate_all()

    def _freeze_names(self, subject):
        """Freeze names in the terms of `self`, whose documents have the subject's model."""
        self.fetch(["terms", "terms_spec"])
        # What is kept is nobody's to change: the names are put into a copy.
        terms = {approval: deepcopy(approval.terms) for approval in self}
        links = [link for approval in self for link in _links(subject, terms[approval], approval.terms_spec or {})]
        ids = {}
        for _values, field, record_ids in links:
            ids.setdefault(field.comodel_name, set()).update(record_ids)
        texts = {
            model: {record.id: record.display_name for record in self.env[model].sudo().browse(of_model).exists()}
            for model, of_model in ids.items()
        }
        for values, field, record_ids in links:
            records = [{"id": key, "text": texts[field.comodel_name].get(key)} for key in record_ids]
            values[field.name] = records[0] if field.type == "many2one" else records
        for approval in self:
            approval.terms = terms[approval]
            approval.terms_spec = {
                name: dict.fromkeys(rule) if rule else None for name, rule in (approval.terms_spec or {}).items()
            }


def _links(model, terms, spec):
    """Return ``[(values, field, ids)]`` of the ids in terms of form 1, and in those of their lines."""
    links = []
    for name, rule in spec.items():
        field = model._fields.get(name)
        value = terms.get(name)
        if not field or not value or not field.relational:
            continue
        if rule:
            for line in value:
                links += _links(model.env[field.comodel_name], line, dict.fromkeys(rule))
        elif field.type == "many2one" and isinstance(value, int):
            links.append((terms, field, [value]))
        elif isinstance(value, list) and isinstance(value[0], int):
            links.append((terms, field, value))
    return links

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import ormcache

from .terms import content_paths


class SalesApprovalContent(models.AbstractModel):
    """Master data whose content is signed with the documents that point to it.

    Gates read that content themselves each time, so a change of it holds a document at once, whoever made it and on
    what path. This is for the stored states, by which lists and record rules go: of the documents that show what was
    written the latest :attr:`_approval_followed_at_once` follow with the write, and all others by the cron, which is
    started for them. Not by a path of dependencies: a new name of a payment term would have all orders computed anew
    that ever had it, whether they were signed or not.
    """

    _name = "sales.approval.content"
    _description = "Content of Signed Documents"

    _approval_followed_at_once = 500

    def write(self, vals):
        result = super().write(vals)
        self.sudo()._approval_content_written(vals.keys())
        return result

    def _approval_content_written(self, names):
        """Bring the states of signed documents up to date that show fields `names` of `self`."""
        left = False
        for model, paths in self._approval_content_paths().items():
            written = [path for path, shown in paths if names & shown]
            if written and self:
                documents = self.env[model].sudo()
                domain = Domain.OR(Domain(path, "in", self.ids) for path in written)
                domain &= Domain("approval_state", "in", ("pending", "approved", "stale"))
                found = documents.search(domain, order="id desc", limit=self._approval_followed_at_once + 1)
                left |= len(found) > self._approval_followed_at_once
                found[: self._approval_followed_at_once]._approval_recheck_state()
        if left:
            self.env.ref("sales_dept_roles.ir_cron_approval_recheck").sudo()._trigger()

    @api.model
    @ormcache("self._name")
    def _approval_content_paths(self):
        """Return ``{model of documents: [(path to records of this model, their fields that count there)]}``."""
        found = {}
        for model in self.env["sales.approval.flow"]._approval_model_names():
            document = self.env[model]
            subject = document._approval_subject()
            prefix = document._approval_subject_path()
            paths = [
                (f"{prefix}{'.'.join(path)}", frozenset(names))
                for path, names in content_paths(document._approval_spec())
                # Lines are followed by dependencies.
                if self._approval_comodel(subject, path) == self._name and not document._approval_is_table(path)
            ]
            if paths:
                found[model] = paths
        return found

    @api.model
    def _approval_comodel(self, model, path):
        for name in path:
            model = self.env[model._fields[name].comodel_name]
        return model._name

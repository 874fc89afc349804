from odoo import models
from odoo.fields import Domain


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merged customers keep what was signed: their files become one, and their documents stay signed or say not."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_values(self, src_partners, dst_partner):
        """For a moment the merged customers stand side by side: the tax number moves over before that."""
        sources = src_partners.filtered(
            lambda partner: partner.vat and partner._is_customer_file_holder() and partner._customer_file_policy()
        )
        if sources:
            vat = sources[-1].vat
            sources.vat = False
            if not dst_partner.vat:
                dst_partner.vat = vat
        result = super()._update_values(src_partners, dst_partner)
        # While the sources are still there: with them Odoo would take back what waits for signatures.
        self._merge_customer_files(src_partners.sudo(), dst_partner.sudo())
        return result

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Contacts, accounts, papers and documents are moved by SQL: look at what was signed for them afterwards."""
        partners = self.env["res.partner"].browse(partner_ids).exists()
        documents = [records for records in self._merged_documents(partners) if records]
        before = [records.filtered(lambda record: record.approval_state != "stale") for records in documents]
        names = ", ".join(partners.mapped("display_name"))
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        left = partners.exists().commercial_partner_id
        left.invalidate_recordset()
        for records in [left.sudo(), *documents]:
            self.env.add_to_compute(records._fields["approval_state"], records)
            # What follows from it is not told of a field that is computed like this.
            records.mapped("approval_state")
            records.modified(["approval_state"])
        self._tell_merged(left, names, before)
        return result

    def _merge_customer_files(self, sources, target):
        """Let `target` have all requests of the merged customers, and one of them in force.

        In force is what stands for the customer as it is now; a file that nothing stands for is filed again.
        """
        Approval = self.env["sales.approval"].sudo()
        all_of_them = Approval.search(
            Domain("res_model", "=", "res.partner") & Domain("res_id", "in", (sources | target).ids), order="id desc"
        )
        in_force = all_of_them.filtered(lambda approval: approval.state in ("pending", "approved", "rejected"))
        if not in_force:
            return
        target.invalidate_recordset()
        kept = min(
            in_force.filtered(lambda approval: approval.state != "pending" or target._approval_matches(approval)),
            key=lambda approval: (
                not target._approval_matches(approval),
                approval.state != "approved",
                approval.res_id != target.id,
            ),
            default=Approval,
        )
        (in_force - kept)._close("superseded", self.env._("Merged into %(customer)s.", customer=target.display_name))
        self.env.flush_all()
        (all_of_them - kept).res_id = target.id
        kept.res_id = target.id
        target.invalidate_recordset(["approval_ids"])
        target._approval_refresh_activities()

    def _merged_documents(self, partners):
        """Return the signed or waiting documents that name one of `partners`: ``[records of one model]``."""
        documents = []
        approvals = self.env["sales.approval"].sudo()
        for name in self.env["sales.approval.flow"]._approval_model_names():
            model = self.env[name].sudo()
            subject = model._approval_subject()
            fields_of_partner = [
                field.name
                for field in subject._fields.values()
                if field.type == "many2one" and field.comodel_name == "res.partner" and field.store
            ]
            if name == "res.partner" or not fields_of_partner:
                continue
            path = self._subject_path(model)
            asked = approvals.search(Domain("res_model", "=", name) & Domain("state", "in", ("pending", "approved")))
            named = Domain.OR(Domain(path + field, "in", partners.ids) for field in fields_of_partner)
            documents.append(model.search(Domain("id", "in", asked.mapped("res_id")) & named))
        return documents

    def _subject_path(self, model):
        """Prefix of the subject's fields, seen from documents of `model`."""
        subject = model._approval_subject()._name
        if subject == model._name:
            return ""
        return next(f"{field.name}." for field in model._fields.values() if field.comodel_name == subject)

    def _tell_merged(self, customer, names, before):
        """Note on `customer` what has to be signed again, because the merge changed what it says.

        :param before: ``[records of one model]`` whose signatures stood until now
        """
        again = []
        for records in before:
            matching = records._approval_matching(records._approvals_in_force())
            again += [record.display_name for record in records if record.id not in matching]
        if customer.sudo().approval_state == "stale":
            again.insert(0, self.env._("the customer file"))
        text = self.env._("Merged: %(customers)s.", customers=names)
        if again:
            text += " " + self.env._("Has to be signed or filed again: %(documents)s.", documents=", ".join(again))
            self.env.user._bus_send("simple_notification", {"type": "warning", "sticky": True, "message": text})
        customer.sudo()._message_log_batch(dict.fromkeys(customer.ids, text), author_id=self.env.user.partner_id.id)

from odoo import models


class SalesDeptSharedMixin(models.AbstractModel):
    """Configuration of one company, or of all of them where it names none.

    Each model has a record rule that leaves what all share to those who keep it (`sales_dept_keeps_shared`).
    """

    _name = "sales.dept.shared.mixin"
    _description = "Shared Configuration"

    def write(self, vals):
        result = super().write(vals)
        # Rules are asked before: nor is something moved to where the user could not change it, among what all
        # share or to another company.
        self.check_access("write")
        return result

    def copy_data(self, default=None):
        """A copy is for one's own company where one does not keep what all share."""
        vals_list = super().copy_data(default)
        if company := self.env["res.users"]._company_of_new_configuration():
            for vals in vals_list:
                if "company_id" in vals and not vals["company_id"]:
                    vals["company_id"] = company.id
        return vals_list

    def _filter_shared(self):
        """Those of `self` that all companies share."""
        return self.filtered(lambda record: "company_id" not in record._fields or not record.company_id)

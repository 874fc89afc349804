from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Freeze the names of people, roles and records in approvals that were asked for before names were kept."""
    cr.execute(
        """
        UPDATE sales_approval approval
           SET requester_name = partner.name
          FROM res_users person
          JOIN res_partner partner ON partner.id = person.partner_id
         WHERE person.id = approval.requester_id AND approval.requester_name IS NULL
        """
    )
    cr.execute(
        """
        UPDATE sales_approval_decision decision
           SET user_name = decider.name, on_behalf_name = principal.name
          FROM sales_approval_decision same
          JOIN res_users decider_user ON decider_user.id = same.user_id
          JOIN res_partner decider ON decider.id = decider_user.partner_id
     LEFT JOIN res_users principal_user ON principal_user.id = same.on_behalf_id
     LEFT JOIN res_partner principal ON principal.id = principal_user.partner_id
         WHERE same.id = decision.id AND decision.user_name IS NULL
        """
    )
    cr.execute(
        """
        UPDATE sales_approval_task task
           SET group_name = role.name
          FROM res_groups role
         WHERE role.id = task.group_id AND task.group_name IS NULL
        """
    )
    api.Environment(cr, SUPERUSER_ID, {})["sales.approval"]._freeze_terms_of_form_1()

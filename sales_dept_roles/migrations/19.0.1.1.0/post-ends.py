"""What ends: requisitions know when they opened, superseded reviews score nothing, adjoining leave is one."""

from odoo.tools import SQL


def migrate(cr, version):
    cr.execute(
        """
        UPDATE sales_manpower_requisition requisition
           SET opened_date = COALESCE(
                   (
                       SELECT max(approval.close_date)
                         FROM sales_approval approval
                        WHERE approval.res_model = 'sales.manpower.requisition'
                          AND approval.res_id = requisition.id
                          AND approval.state = 'approved'
                   ),
                   requisition.write_date
               )
         WHERE opened_job_id IS NOT NULL AND opened_date IS NULL
        """
    )
    # What was filled by the rules of its time does not open again when somebody leaves.
    cr.execute(
        """
        UPDATE sales_manpower_requisition SET closed_date = now() AT TIME ZONE 'UTC'
         WHERE state = 'filled' AND closed_date IS NULL
        """
    )
    cr.execute("UPDATE sale_order_review SET on_time_share = NULL, timeliness = NULL WHERE state = 'superseded'")
    # A limit of days is not passed by splitting: adjoining leave is judged as one.
    for table, condition in (
        ("sales_approval_flow", SQL("res_model = 'hr.leave'")),
        (
            "sales_approval_flow_step",
            SQL("flow_id IN (SELECT id FROM sales_approval_flow WHERE res_model = 'hr.leave')"),
        ),
    ):
        cr.execute(
            SQL(
                "UPDATE %s SET domain = regexp_replace(domain, %s, %s, 'g') WHERE %s AND domain LIKE %s",
                SQL.identifier(table),
                """(['"])number_of_days(['"])""",
                r"\1department_leave_days\2",
                condition,
                "%number_of_days%",
            )
        )
    # Whoever moves to another time zone later changes no leave that was granted.
    cr.execute(
        """
        UPDATE hr_leave
           SET department_leave_moments = to_char(date_from, 'YYYY-MM-DD HH24:MI:SS')
                                          || ' ' || to_char(date_to, 'YYYY-MM-DD HH24:MI:SS')
         WHERE state IN ('validate1', 'validate') AND department_leave_moments IS NULL
        """
    )

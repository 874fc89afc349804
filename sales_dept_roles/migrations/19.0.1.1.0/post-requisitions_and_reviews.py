"""Requisitions know when they opened their position; superseded reviews leave the on-time figure."""


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

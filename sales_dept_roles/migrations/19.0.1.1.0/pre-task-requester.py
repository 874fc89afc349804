def migrate(cr, version):
    """Fill what is stored on signatures asked now with one statement."""
    cr.execute("ALTER TABLE sales_approval_task ADD COLUMN IF NOT EXISTS requester_id integer")
    cr.execute(
        """
        UPDATE sales_approval_task SET requester_id = approval.requester_id
        FROM sales_approval approval WHERE approval.id = sales_approval_task.approval_id
        """
    )

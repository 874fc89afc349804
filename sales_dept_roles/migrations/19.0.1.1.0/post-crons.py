def migrate(cr, version):
    """Crons keep the times that somebody set: from now on an upgrade leaves them alone."""
    cr.execute(
        """
        UPDATE ir_model_data SET noupdate = TRUE
        WHERE module = 'sales_dept_roles' AND model = 'ir.cron'
        """
    )

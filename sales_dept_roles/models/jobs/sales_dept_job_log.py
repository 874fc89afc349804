from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

KEPT_FOR = timedelta(days=180)


class SalesDeptJobLog(models.Model):
    """What a turn of a long job did."""

    _name = "sales.dept.job.log"
    _description = "Long Job's Turn"
    _order = "id desc"
    _rec_name = "cron_id"

    cron_id = fields.Many2one("ir.cron", "Job", required=True, readonly=True, ondelete="cascade", index=True)
    start_date = fields.Datetime("Started", required=True, readonly=True, default=fields.Datetime.now)
    last_date = fields.Datetime("Last Batch", readonly=True)
    done_count = fields.Integer("Done", readonly=True)
    remaining_count = fields.Integer("Left", readonly=True)
    error_count = fields.Integer("Failed", readonly=True)
    errors = fields.Text(readonly=True, help="What failed, and why. It is tried again at the next turn.")
    last_id = fields.Integer("Last Number", readonly=True, help="Up to here it is done: the next turn goes on.")
    state = fields.Selection(
        [("running", "Under Way"), ("done", "Done"), ("stopped", "Stopped Before Its End")],
        string="Status",
        required=True,
        readonly=True,
        default="running",
    )

    @api.model
    def _begin(self, cron):
        """Return the line of a turn that begins; what a turn before left open was stopped."""
        before = self.search(Domain("cron_id", "=", cron.id), limit=1)
        if before.state == "running":
            # The server was stopped, or the turn failed, after its last batch.
            before.state = "stopped"
        last_id = before.last_id if before.state == "stopped" else 0
        return self.create({"cron_id": cron.id, "last_id": last_id})

    def _note(self, batch, errors):
        """Count a batch that is done, but for `errors`."""
        self.ensure_one()
        self.write(
            {
                "last_date": fields.Datetime.now(),
                "done_count": self.done_count + len(batch) - len(errors),
                "remaining_count": self.remaining_count - len(batch),
                "error_count": self.error_count + len(errors),
                "last_id": max(batch.ids, default=self.last_id),
            }
        )
        if errors:
            lines = [f"{record._name} {record.id}: {error}" for record, error in errors.items()]
            self.errors = "\n".join([*filter(None, [self.errors]), *lines])

    def _end(self):
        self.write({"state": "done", "last_date": fields.Datetime.now()})

    @api.autovacuum
    def _gc_turns(self):
        self.search([("start_date", "<", fields.Datetime.now() - KEPT_FOR)]).unlink()

from odoo import api, fields, models


class SalesDeptJob(models.AbstractModel):
    """Long work of a cron, done in batches: stopped at any moment, the next turn goes on where it ended.

    Each batch is a transaction of its own with its line in the log. One document that fails is left out and named
    there; it holds nobody else up, and is tried again next time.
    """

    _name = "sales.dept.job"
    _description = "Long Job"

    @api.model
    def _run(self, cron, records, work, batch_size=100, goes_on=False):
        """Do `work` for `records`, batch by batch, and return the job's line in the log.

        Called outside a cron it is part of the caller's transaction.

        :param str cron: xml id of the cron whose work it is
        :param records: what is to be done
        :param work: function of a batch; done for a record once more, it changes nothing
        :param int batch_size: 0 for all at once
        :param bool goes_on: `records` do not tell what was done already: after a turn that was stopped only those
            with a higher id are left, in the order of their ids
        """
        log = self.env["sales.dept.job.log"].sudo()._begin(self.env.ref(cron))
        if goes_on:
            records = records.sorted("id")
            records = records.filtered(lambda record: record.id > log.last_id)
        log.remaining_count = len(records)
        time_left = self._commit(0, len(records))
        size = batch_size or len(records) or 1
        for start in range(0, len(records), size):
            if not time_left:
                log.state = "stopped"
                return log
            # A recordset of its own, so that nothing but the batch is read again after each commit.
            batch = records.browse(records._ids[start : start + size])
            errors = self._do(batch, work)
            log._note(batch, errors)
            time_left = self._commit(len(batch), len(records) - start - len(batch))
        log._end()
        return log

    @api.model
    def _run_steps(self, cron, record, steps, count):
        """Do the `steps` of the one long document `record`, each in a transaction of its own.

        :param str cron: xml id of the cron whose work it is
        :param steps: iterator that does a step at each turn, and gives how many of the `count` parts it did; the
            document itself remembers how far it is, in the same transaction
        :param int count: of the parts that are left
        :return: whether it is done; else the time is up, and the next turn goes on
        :raises Exception: what a step raised; nothing of that step is kept
        """
        log = self.env["sales.dept.job.log"].sudo()._begin(self.env.ref(cron))
        log.remaining_count = count
        done = 0
        while True:
            with self.env.cr.savepoint():
                step = next(steps, None)
                self.env.flush_all()
            if step is None:
                log._end()
                self._commit(0, 0)
                return True
            done += step
            log.write({"done_count": done, "remaining_count": max(count - done, 0), "last_date": fields.Datetime.now()})
            if not self._commit(step, max(count - done, 1)):
                log.state = "stopped"
                return False

    @api.model
    def _do(self, batch, work):
        """Do `work` for `batch`, and return ``{record: error}`` of those for which it failed."""
        try:
            with self.env.cr.savepoint():
                work(batch)
                self.env.flush_all()
            return {}
        except Exception as error:
            self.env.invalidate_all(flush=False)
            if len(batch) == 1:
                return {batch: error}
        errors = {}
        for record in batch:
            errors.update(self._do(record.browse(record.id), work))
        return errors

    @api.model
    def _commit(self, done, remaining):
        """Keep what was done; return the seconds that are left of the cron's turn."""
        if not self.env.context.get("ir_cron_progress_id"):
            return float("inf")
        return self.env["ir.cron"]._commit_progress(done, remaining=remaining)

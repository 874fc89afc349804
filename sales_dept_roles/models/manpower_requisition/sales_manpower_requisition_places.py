from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .places import allot


class SalesManpowerRequisition(models.Model):
    """The places of a requisition: filled by hires, released when one of them declines or leaves, given up."""

    _inherit = "sales.manpower.requisition"

    @api.depends(
        "opened_job_id.application_ids.date_closed",
        "opened_job_id.application_ids.refuse_reason_id",
        "opened_job_id.application_ids.employee_id.active",
        "opened_job_id.requisition_ids.needed_count",
        "opened_job_id.requisition_ids.closed_date",
        "opened_date",
        "needed_count",
    )
    def _compute_hired_count(self):
        # All of a position: whoever does not fill one requisition fills the next.
        jobs = self.opened_job_id
        hires = jobs._manpower_hires()
        allotted = {}
        for job, requisitions in self._of_jobs(jobs).grouped("opened_job_id").items():
            allotted.update(
                allot(
                    hires[job],
                    [
                        (
                            requisition.id,
                            requisition.needed_count,
                            requisition.opened_date,
                            requisition.hired_before,
                            requisition.closed_date or None,
                        )
                        for requisition in requisitions
                    ],
                )
            )
        for requisition in self:
            if requisition.closed_date:
                # Settled: whoever leaves later opens nothing again.
                requisition.hired_count = requisition.hired_count
                requisition.filled_date = requisition.filled_date
                continue
            moments = allotted.get(requisition._origin.id, [])
            requisition.hired_count = len(moments)
            is_filled = 0 < requisition.needed_count <= len(moments)
            requisition.filled_date = is_filled and requisition.company_id._local_day(max(moments))

    @api.model
    def _of_jobs(self, jobs):
        """Return the requisitions that opened the positions `jobs`, in the order of opening."""
        return self.search(Domain("opened_job_id", "in", jobs.ids) & Domain("opened_date", "!=", False)).sorted(
            lambda requisition: (requisition.opened_date, requisition.id)
        )

    @api.depends("number_of_people", "number_given_up")
    def _compute_needed_count(self):
        for requisition in self:
            requisition.needed_count = requisition.number_of_people - requisition.number_given_up

    def _open_places(self):
        """How many people the requisitions `self` still wait for."""
        # Of one that was closed, what was not filled was given up.
        return sum(requisition.needed_count - requisition.hired_count for requisition in self)

    # === GIVING UP === #

    def action_open_close(self):
        """Ask how many people are still needed, and why fewer or none."""
        self.ensure_one()
        self._check_may_give_up()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Close or Lower"),
            "res_model": "sales.manpower.requisition.close",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_requisition_id": self.id},
        }

    def _check_may_give_up(self):
        """Whoever asked, and those who decide on requisitions, may say that fewer people are needed."""
        self.check_access("read")
        leads = any(
            self.env.user.has_group(f"sales_dept_roles.group_{role}") for role in ("director", "general_manager")
        )
        for requisition in self:
            if not (leads or requisition.requester_id == self.env.user):
                raise AccessError(
                    self.env._(
                        "%(name)s is closed or lowered by %(requester)s, who asked, or by the director.",
                        name=requisition.name,
                        requester=requisition.requester_id.name,
                    )
                )
            if requisition.closed_date:
                raise UserError(self.env._("%(name)s is closed already.", name=requisition.name))

    def _close_requisition(self, reason):
        """Nobody more is needed for the requisitions `self`, because of `reason`; who was hired stays counted.

        One that is filled is settled by it: it does not open again when somebody leaves.

        :raises UserError: when the reason is missing, or one of them is closed already
        """
        self._check_may_give_up()
        self._check_reason(reason)
        requisitions = self.sudo()
        opened = requisitions.filtered("opened_job_id")
        for requisition in opened:
            requisition.opened_job_id._manpower_ask_for(-requisition._open_places())
        closing = {"closed_date": fields.Datetime.now(), "closed_by_id": self.env.user, "close_reason": reason}
        requisitions._write_protected(closing)
        for requisition in opened:
            requisition._write_protected({"number_given_up": requisition.number_of_people - requisition.hired_count})
        requisitions._approval_end()
        self._note_given_up(self.env._("Closed: %(reason)s", reason=reason))

    def _lower(self, number, reason):
        """Say that `number` people are enough for this requisition; fewer than were hired cannot be.

        :raises UserError: when the reason is missing or the number is no lower one
        """
        self.ensure_one()
        self._check_may_give_up()
        self._check_reason(reason)
        if not self.opened_job_id:
            raise UserError(
                self.env._("%(name)s did not open a position yet: change its number itself.", name=self.name)
            )
        least = max(self.hired_count, 1)
        if not least <= number < self.needed_count:
            raise UserError(
                self.env._(
                    "%(name)s can be lowered to a number from %(least)s to %(most)s. For more people make a new "
                    "requisition; for none close it.",
                    name=self.name,
                    least=least,
                    most=self.needed_count - 1,
                )
            )
        requisition = self.sudo()
        requisition.opened_job_id._manpower_ask_for(number - requisition.needed_count)
        before = requisition.needed_count
        requisition._write_protected({"number_given_up": requisition.number_of_people - number})
        self._note_given_up(
            self.env._("Lowered from %(before)s to %(after)s: %(reason)s", before=before, after=number, reason=reason)
        )

    def _check_reason(self, reason):
        if not (reason or "").strip():
            raise UserError(self.env._("Say why: the reason stays with the requisition."))

    def _note_given_up(self, text):
        """Leave a note on the requisitions `self` and on their positions."""
        author = self.env.user.partner_id.id
        self.sudo()._message_log_batch(dict.fromkeys(self.ids, text), author_id=author)
        for requisition in self.sudo().filtered("opened_job_id"):
            requisition.opened_job_id._message_log(body=f"{requisition.name}. {text}", author_id=author)

    # === THE END === #

    @api.model
    def _approval_ended_domain(self):
        return super()._approval_ended_domain() | Domain("closed_date", "!=", False)

    def _approval_ended_reason(self):
        return self.env._("%(name)s was closed: %(reason)s", name=self.name, reason=self.close_reason or "")

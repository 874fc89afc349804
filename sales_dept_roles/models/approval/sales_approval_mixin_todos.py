from odoo import api, models
from odoo.fields import Domain

from ..protected_results.client_context import without_client_context
from .sales_approval_mixin import ACTIVITY


class SalesApprovalMixin(models.AbstractModel):
    """The to-dos on a document: who has to do what about it, and until which day.

    They are activities that the engine hands out and takes back. What is due is said by :meth:`_approval_todos`
    and by nothing else, so that whatever happened to the activities, they can be brought up to date with it.
    """

    _inherit = "sales.approval.mixin"

    @api.model
    def _approval_todo_types(self):
        """External ids of the activity types that are handed out and taken back on documents of this model."""
        return [ACTIVITY]

    @api.model
    def _approval_todo_type_ids(self):
        """Return ``{id of an activity type: its external id}`` of :meth:`_approval_todo_types`."""
        types = {xmlid: self.env.ref(xmlid, raise_if_not_found=False) for xmlid in self._approval_todo_types()}
        return {activity_type.id: xmlid for xmlid, activity_type in types.items() if activity_type}

    def _approval_todos(self):
        """Return what people have to do about the documents `self` now.

        Called as superuser; extensions add what their documents ask for besides signatures.

        :return: ``{(document id, external id of the activity type, user): (day, note)}``; the day in the zone of the
            document's company
        """
        pending = self.env["sales.approval"].search(
            Domain("res_model", "=", self._name) & Domain("res_id", "in", self.ids) & Domain("state", "=", "pending")
        )
        tasks = pending.task_ids.filtered(lambda task: task.state == "open")
        days = tasks._due_days()
        todos = {}
        for task, users in tasks._approvers().items():
            for user in users:
                key = (task.approval_id.res_id, ACTIVITY, user)
                todos[key] = min(todos.get(key, (days[task], "")), (days[task], ""))
        return todos

    @api.model
    def _approval_with_todos(self):
        """Return the documents of this model on which something is to be done, or on which it stands that it is."""
        Approval, Activity = self.env["sales.approval"].sudo(), self.env["mail.activity"].sudo()
        waiting = Approval._read_group([("res_model", "=", self._name), ("state", "=", "pending")], ["res_id"])
        noted = Activity._read_group(
            Domain("res_model", "=", self._name)
            & Domain("activity_type_id", "in", list(self._approval_todo_type_ids())),
            ["res_id"],
        )
        return self.sudo().browse({res_id for (res_id,) in [*waiting, *noted]}).exists()

    def _approval_refresh_activities(self):
        """Bring the activities on `self` up to date: one for each person and thing to do, on its day, and no other."""
        documents = without_client_context(self.sudo())
        todos = documents._approval_todos()
        types = self._approval_todo_type_ids()
        Activity = documents.env["mail.activity"]
        present = Activity.search(
            Domain("res_model", "=", self._name)
            & Domain("res_id", "in", documents.ids)
            & Domain("activity_type_id", "in", list(types))
        )
        kept, surplus = {}, Activity
        for activity in present:
            key = (activity.res_id, types[activity.activity_type_id.id], activity.user_id)
            if key in todos and key not in kept:
                kept[key] = activity
            else:
                surplus |= activity
        surplus.unlink()
        moved = {}
        for key, activity in kept.items():
            if activity.date_deadline != todos[key][0]:
                moved.setdefault(todos[key][0], []).append(activity.id)
        for day, ids in moved.items():
            Activity.browse(ids).date_deadline = day
        missing = {}
        for key in todos.keys() - kept.keys():
            res_id, xmlid, user = key
            missing.setdefault((xmlid, user, *todos[key]), []).append(res_id)
        for (xmlid, user, day, note), ids in missing.items():
            # Without the mail that an activity sends: approvers get one list, not one mail per document.
            asked = documents.browse(sorted(ids)).with_context(
                mail_activity_quick_update=True, sales_dept_no_followers=True, lang=user.lang
            )
            values = asked._prepare_approval_todo_values(xmlid, user)
            asked.activity_schedule(xmlid, date_deadline=day, note=note, user_id=user.id, **values)

    def _prepare_approval_todo_values(self, xmlid, user):
        """Further values of the to-do of type `xmlid` for `user`, in that person's language."""
        # Others read it too, on the document: to them it says who has not signed.
        return {"summary": self.env._("Waits for %(name)s to sign", name=user.name)} if xmlid == ACTIVITY else {}

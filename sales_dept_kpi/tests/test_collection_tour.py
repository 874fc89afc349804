from odoo.tests import HttpCase, tagged

from .collection_common import CollectionCommon


@tagged("post_install", "-at_install")
class TestCollectionTour(CollectionCommon, HttpCase):
    def test_from_plan_to_promise_kept(self):
        """The month's collection: planned, approved, promised and paid."""
        # The day that the browser calls today.
        self.company.resource_calendar_id.tz = "UTC"
        today = self.company._local_today()
        for _ in range(2):
            self._invoice(self.manager1, 100, today, due=today)
        self.start_tour("/odoo/collection-plans", "sales_dept_collection_plan", login="manager1_test")
        plan = self.Plan.search([("user_id", "=", self.manager1.id)])
        path = f"/odoo/collection-plans/{plan.id}"
        self.start_tour(path, "sales_dept_collection_approve", login="director_test")
        self.assertEqual(plan.state, "approved")
        self.start_tour(path, "sales_dept_collection_promise", login="manager1_test")
        promise = self.Promise.search([("user_id", "=", self.manager1.id)])
        self._pay(promise.move_line_ids, 100, str(today))
        self.start_tour(path, "sales_dept_collection_kept", login="manager1_test")
        self.assertEqual(promise.state, "kept")

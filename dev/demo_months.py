# Fed to `odoo shell` after targets are set: figures of five months, each locked when it was over; the sixth is open.
from datetime import datetime, time, timedelta

from freezegun import freeze_time

env = env(context={**env.context, "mail_notify_force_send": False})  # noqa: F821
company = env.ref("sales_dept_roles.demo_company")
director = env.ref("sales_dept_roles.user_director")
env = env(context={**env.context, "allowed_company_ids": company.ids})
today = company._local_today()
company.sales_dept_kpi = True
Month = env["sales.kpi.month"].with_company(company)
first = today.replace(day=1)
for _back in range(5):
    first = (first - timedelta(days=1)).replace(day=1)
while first < today.replace(day=1):
    following = (first + timedelta(days=32)).replace(day=1)
    month = Month._of(company, first)
    # The fifth of the month after it, or this morning where that is still to come.
    when = min(datetime.combine(following + timedelta(days=4), time(2)), datetime.now() - timedelta(minutes=1))
    with freeze_time(when):
        month.with_user(director).action_lock()
        env.flush_all()
    first = following
env.cr.commit()
print("months are locked")

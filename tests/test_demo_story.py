"""What the demo company tells of plan and figures, on whatever day it is made."""


def test_months_figures_and_reports(api):
    """Five months are locked, the running one can still be saved, and a report is late."""
    months = api("director").search("sales.kpi.month", fields=["state"], order="date_from desc", limit=6)
    assert [month["state"] for month in months] == ["open", *["locked"] * 5]

    mine = api("manager1").search(
        "sales.kpi.result",
        ["user_id.login", "=", "manager1"],
        ["month_id", "in", [month["id"] for month in months]],
        fields=["month_id", "next_step"],
    )
    assert {row["month_id"] for row in mine} >= {month["id"] for month in months[1:]}, "each month has figures"
    steps = [row["next_step"] for row in mine if row["month_id"] == months[0]["id"]]
    assert any(steps), "nothing is left to be done this month"

    reports = api("director").search("sales.monthly.report", fields=["is_late", "state"])
    assert any(report["is_late"] for report in reports)
    assert {report["state"] for report in reports} >= {"draft", "waiting", "sent_back", "confirmed"}

{
    "name": "Sales Department: Targets and KPIs",
    "summary": "Plan, measure, report: targets, KPIs that open to their documents, job cards with figures, monthly reports",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "license": "LGPL-3",
    "author": "Sales Department Contributors",
    "depends": ["sales_dept_logistics", "sale_crm", "spreadsheet_dashboard"],
    "data": [
        "security/ir.model.access.csv",
        "views/kpi_menus.xml",
    ],
    "assets": {
        "web.assets_backend": ["sales_dept_kpi/static/src/**/*"],
        "web.assets_tests": ["sales_dept_kpi/static/tests/tours/**/*"],
    },
}

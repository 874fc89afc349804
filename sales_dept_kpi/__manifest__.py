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
        # Daily progress and ERP upkeep.
        "security/daily_progress_rules.xml",
        "security/erp_upkeep_rules.xml",
        "data/daily_progress_data.xml",
        "views/daily_progress_templates.xml",
        "views/daily_progress_views.xml",
        "views/daily_progress_res_config_settings_views.xml",
        "views/daily_progress_res_users_views.xml",
        "views/erp_upkeep_views.xml",
        "views/erp_upkeep_res_config_settings_views.xml",
        "data/daily_progress_duty_links_data.xml",
        "data/erp_upkeep_duty_links_data.xml",
    ],
    "assets": {
        "web.assets_backend": ["sales_dept_kpi/static/src/**/*"],
        "web.assets_tests": ["sales_dept_kpi/static/tests/tours/**/*"],
    },
}

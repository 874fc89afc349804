{
    "name": "Sales Department: Logistics",
    "summary": "From the confirmed order to goods signed for: delivery notices, waybills, stock ageing",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "license": "LGPL-3",
    "author": "Sales Department Contributors",
    "depends": ["sales_dept_roles", "stock_delivery"],
    "data": [
        "security/ir.model.access.csv",
        "security/stock_ageing_rules.xml",
        "data/stock_ageing_data.xml",
        "report/stock_ageing_report.xml",
        "views/logistics_menus.xml",
        "views/delivery_notice_res_config_settings_views.xml",
        "views/stock_ageing_templates.xml",
        "views/stock_ageing_line_views.xml",
        "views/stock_ageing_sheet_views.xml",
        "views/stock_ageing_res_config_settings_views.xml",
        "views/stock_ageing_menus.xml",
        # Duties link to the screens.
        "data/stock_ageing_duty_links_data.xml",
    ],
    "demo": [
        "demo/stock_ageing_demo.xml",
    ],
    "assets": {
        "web.assets_tests": ["sales_dept_logistics/static/tests/tours/**/*"],
    },
}

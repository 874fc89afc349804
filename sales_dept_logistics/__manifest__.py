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
        "views/logistics_menus.xml",
        "views/delivery_notice_res_config_settings_views.xml",
    ],
    "demo": [],
}

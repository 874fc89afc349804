from odoo.tests import tagged

from .common import SalesDeptCommon


@tagged("post_install", "-at_install")
class TestManpowerRequisition(SalesDeptCommon):
    pass

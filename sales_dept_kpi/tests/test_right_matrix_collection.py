from odoo.tests import tagged

from .collection_rights import CollectionRights

HEAD = """# Who may what with receivables

Made by a test that tries all of it (`make rights` writes it, `make test` compares it):
`sales_dept_kpi/tests/test_right_matrix_collection.py`. A role is a group; one person may hold several. Record rules
narrow what is seen further: an account manager sees their own customers' items only, and nobody another company's.
"""


@tagged("post_install", "-at_install")
class TestRightMatrixCollection(CollectionRights):
    """docs/rights-collection.md says what each role may do; each cell of it is tried here."""

    addon = "sales_dept_kpi"
    prefix = ("sales.collection", "sales.receivable")
    page = "rights-collection.md"
    head = HEAD

from . import test_sales_basis, test_sales_basis_random

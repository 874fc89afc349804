from . import (
    test_logistics_installed,
    test_right_matrix,
    test_stock_ageing,
    test_stock_ageing_answers,
    test_stock_ageing_layers,
    test_stock_ageing_tour,
)

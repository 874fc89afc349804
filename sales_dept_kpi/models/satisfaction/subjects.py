"""What customers are asked about. A customer issue has the same kinds."""

SUBJECTS = [
    ("quotation", "Quotation"),
    ("technical", "Technical Support"),
    ("quality", "Quality"),
    ("delivery", "Delivery Date"),
    ("logistics", "Logistics"),
]

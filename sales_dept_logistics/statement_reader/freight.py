"""What carriers call the columns of their statements, in express, road, air and sea freight."""

from .profile import AMOUNT, CURRENCY, DATE, LABEL, NUMBER, PERCENT, REFERENCE, TAX, TEXT, TOTAL, Field, Profile


def words(text):
    """The words of a list with commas."""
    return tuple(word.strip() for word in text.split(",") if word.strip())


KILOGRAMS = words("kg, kgs, 公斤, 千克")
CUBIC_METRES = words("m3, m³, cbm, 立方, 立方米, 方")
PIECES = words("件, 箱, 包, 票, 托, pcs, pc, ctn, ctns")

FIELDS = (
    Field(
        "reference",
        REFERENCE,
        words(
            """
            运单号, 运单编号, 运单号码, 运单, 物流单号, 物流运单号, 快递单号, 快件单号, 快递编号, 面单号, 邮件号,
            邮件号码, 托运单号, 货运单号, 承运单号, 母单号, 提单号, 主单号, 分单号, 提运单号, 车次号, 派车单号,
            运输单号, Waybill No., Waybill, Waybill Number, Tracking No., Tracking Number, Tracking ID, Airway Bill,
            AWB, AWB No., Air Waybill Number, HAWB, B/L No., BL No., Bill of Lading, Shipment No., Shipment Number,
            Shipment ID, Consignment No., Consignment Number, Consignment Note, Pro Number, Pro No., Docket No.
            """
        ),
        words("单号, 票号, 编号, 单据号, Reference, Ref, Ref No., Number, No., Shipment, Consignment"),
        words(
            """
            订单, 客户, 回单, 子单, 发票, 序号, 出库, 发货单, 原单, 合同, 行号, invoice, order, customer, account,
            line
            """
        ),
        required=True,
    ),
    Field(
        "ship_date",
        DATE,
        words(
            """
            发货日期, 发货时间, 寄件日期, 寄件时间, 收寄日期, 收寄时间, 揽收日期, 揽收时间, 收件日期, 收件时间,
            发运日期, 发运时间, 托运日期, 开单日期, 开单时间, 业务日期, 业务时间, 运输日期, 装车日期, 提货日期,
            下单日期, 开航日期, Ship Date, Shipped On, Date Shipped, Shipment Date, Shipping Date, Pickup Date,
            Pick-up Date, Date of Shipment, Collection Date, Sailing Date, ETD, Despatch Date, Dispatch Date
            """
        ),
        words("日期, 时间, Date, Day"),
        words("签收, 到货, 到达, 派送, 账单, 发票, 结算, 付款, 打印, delivery, delivered, invoice, due, eta, print"),
    ),
    Field(
        "destination",
        TEXT,
        words(
            """
            目的地, 到达地, 到站, 目的站, 目的城市, 到达城市, 收件城市, 收货城市, 到件城市, 对方地区, 收件省市,
            目的省, 目的港, 卸货港, 到达网点, 收件地, 收货地, 目的区域, 收件地区, 派送城市, Destination,
            Destination City, Dest, To City, Ship To City, Consignee City, Receiver City, Port of Discharge, POD,
            Deliver To
            """
        ),
        words("收件地址, 收货地址, 区域, 地区, 城市, Zone, To, City"),
        words("寄件, 始发, 发件, origin, from"),
    ),
    Field(
        "pieces",
        NUMBER,
        words(
            """
            件数, 总件数, 箱数, 包裹数, 数量, 托数, Pieces, Pcs, Packages, No. of Packages, Cartons, Qty, Quantity,
            PKGS
            """
        ),
        units=PIECES,
    ),
    Field(
        "weight",
        NUMBER,
        words(
            """
            实际重量, 实重, 毛重, 重量, 货物重量, 总重量, Actual Weight, Gross Weight, Weight, G.W., Total Weight
            """
        ),
        never=words(
            """
            计费, 体积, 结算, 首重, 续重, 费, chargeable, charged, billed, billable, volume, volumetric, dim, rated
            """
        ),
        units=KILOGRAMS,
    ),
    Field(
        "chargeable_weight",
        NUMBER,
        words(
            """
            计费重量, 计费重, 结算重量, 计重, 计泡重量, 收费重量, Chargeable Weight, Charged Weight, Billed Weight,
            Billable Weight, Rated Weight, C.W.
            """
        ),
        never=words("费用"),
        units=KILOGRAMS,
    ),
    Field(
        "volume",
        NUMBER,
        words("体积, 总体积, 方数, 立方, 立方数, 货物体积, Volume, CBM, Cube, Measurement, Total Volume"),
        never=words("体积重, weight"),
        units=CUBIC_METRES,
    ),
    Field(
        "charge_label",
        LABEL,
        words(
            """
            费用名称, 费用类型, 费用项目, 费用科目, 收费项目, 收费名称, 费用类别, 费目, 服务名称, 增值服务,
            Charge Type, Charge, Charge Description, Charge Name, Charge Code, Fee Type, Cost Type,
            Description of Charge
            """
        ),
        words("项目, 摘要, Description, Item"),
        words("amount, 金额, weight"),
    ),
    Field(
        "amount",
        AMOUNT,
        words(
            """
            金额, 费用, 费用金额, 不含税金额, 未税金额, 净额, 应收金额, 结算金额, 原价, Amount, Net Amount,
            Charge Amount, Net, Charges, Cost, Billed Amount, Amount Excl. Tax, Fee, Price
            """
        ),
        words("价格, 应收, 应付, Value"),
        words("代收, 货款, 声明, 保价金额, 保额, 单价, declared, insured, unit, cod"),
    ),
    Field(
        "total",
        TOTAL,
        words(
            """
            合计, 总计, 小计, 总金额, 总费用, 费用合计, 合计费用, 金额合计, 合计金额, 应付金额, 应付合计, 应付费用,
            实付金额, 总运费, 价税合计, 含税金额, 含税合计, 月结金额, 折后金额, 应付总额, 费用总计, Total,
            Total Amount, Total Charge, Total Charges, Total Due, Amount Due, Grand Total, Gross Amount,
            Invoice Total, Amount Incl. Tax, Total Cost
            """
        ),
        never=words("重量, 件数, 体积, weight, pieces, volume, tax"),
    ),
    Field(
        "tax_amount",
        TAX,
        words("税额, 税金, 增值税, 增值税额, Tax, VAT, Tax Amount, VAT Amount, GST"),
        never=words("率, 号, rate, %, number"),
    ),
    Field("tax_rate", PERCENT, words("税率, 税率%, Tax Rate, Tax %, VAT %, VAT Rate, GST %")),
    Field("currency", CURRENCY, words("币种, 货币, 币别, 结算币种, Currency, Curr., Ccy")),
    Field("note", TEXT, words("备注, 说明, 附注, Remark, Remarks, Note, Notes, Comment, Comments")),
)
# By the codes of the kinds of charge; the first kind is that of an amount whose column says no more.
KINDS = {
    "freight": words(
        """
        运费, 基本运费, 运输费, 运输费用, 快递费, 快递运费, 标准运费, 干线费, 干线运费, 公路运费, 海运费, 空运费,
        货运费, 邮费, 物流费, 物流运费, 首重续重费, Freight, Freight Charge, Freight Cost, Base Freight,
        Basic Freight, Transport Charge, Linehaul, Line Haul, Ocean Freight, Air Freight, O/F, Carriage,
        Base Charge, Base Rate, Transportation Charge
        """
    ),
    "fuel": words(
        """
        燃油附加费, 燃油费, 燃油, 燃油附加, 燃料附加费, Fuel, Fuel Surcharge, FSC, Fuel Charge, BAF,
        Bunker Surcharge, Bunker Adjustment Factor
        """
    ),
    "remote": words(
        """
        偏远附加费, 偏远地区附加费, 偏远费, 超区费, 超派费, 超范围派送费, Remote Area, Remote Area Surcharge,
        Out of Area, Extended Area Surcharge, Remote Area Delivery
        """
    ),
    "upstairs": words(
        """
        上楼费, 送货上楼费, 送货上楼, 上楼, 搬运费, Upstairs, Delivery Upstairs, Stair Carry, Inside Delivery,
        Upstairs Delivery
        """
    ),
    "insurance": words(
        """
        保价费, 保险费, 保费, 保价, 声明价值费, Insurance, Insurance Fee, Insurance Charge, Declared Value Charge
        """
    ),
    "receipt": words(
        """
        回单费, 签回单费, 签单返还费, 签单返还, 返单费, Return Receipt, Receipt Return, Proof of Delivery Fee
        """
    ),
    "cod": words(
        """
        代收手续费, 代收货款手续费, 代收货款服务费, 代收款手续费, COD Fee, COD Charge, Cash on Delivery Fee
        """
    ),
    "address": words("改址费, 更改地址费, 改派费, 地址变更费, 转寄费, Address Correction, Address Correction Fee"),
    "other": words(
        """
        其他费用, 其它费用, 其他费, 其它费, 其他, 其它, 杂费, 增值费用, 增值服务费, Other, Others, Other Charges,
        Other Fees, Miscellaneous, Surcharges, Accessorials, Accessorial Charges
        """
    ),
}
KIND_ENDINGS = words(
    """
    费, 费用, 附加, 折扣, 优惠, 减免, 促销, fee, fees, charge, charges, surcharge, discount, rebate
    """
)

# What is insured, collected or counted is no charge.
KIND_NEVER = words(
    """
    金额, 声明, 货款, 单价, 费率, 折扣率, 重量, 件数, 方式, 类型, 名称, 项目, 承担, 日期, 单号, 数量, declared,
    insured value, rate, weight, type, terms, date, number, qty
    """
)

FREIGHT = Profile(FIELDS, KINDS, KIND_ENDINGS, KIND_NEVER)

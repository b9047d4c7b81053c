from . import prm_product_reseller, sale_report

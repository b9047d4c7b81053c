from . import prm_product_reseller, prm_recommendation_report, sale_report

from . import prm_recommendation_report, sale_report

from . import access, assortment, pricelist, territory

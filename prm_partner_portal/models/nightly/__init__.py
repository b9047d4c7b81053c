from . import (
    answer,
    child,
    health,
    products,
    publish,
    quality,
    report,
    returns,
    turn,
    unit,
)

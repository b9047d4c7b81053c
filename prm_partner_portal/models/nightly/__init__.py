from . import (
    answer,
    child,
    control,
    guard,
    health,
    products,
    publish,
    quality,
    report,
    returns,
    turn,
    unit,
)

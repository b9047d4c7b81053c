from . import (
    answer,
    child,
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

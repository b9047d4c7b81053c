"""States of a relationship, shared by its mixins and by what hangs from it."""

STATES = [
    ("candidate", "Candidate"),
    ("active", "Active"),
    ("suspended", "Suspended"),
    ("ended", "Ended"),
]
# The states that each state may go to.
TRANSITIONS = {
    "candidate": {"active", "suspended", "ended"},
    "active": {"suspended", "ended"},
    "suspended": {"active", "ended"},
    "ended": {"candidate"},
}
OPEN_STATES = ("active", "suspended")
# When relationships are merged the strongest state stays.
STRENGTH = ["ended", "candidate", "suspended", "active"]

USER_GROUP = "prm_partner_portal.prm_partner_portal_group_user"
MANAGER_GROUP = "prm_partner_portal.prm_partner_portal_group_manager"
PEOPLE_GROUP = "prm_partner_portal.prm_partner_portal_group_people"

# Health looks back two years, whatever history the recommendations use.
HEALTH_MONTHS = 24
HEALTH_COLORS = [
    ("grey", "Too few orders"),
    ("green", "Healthy"),
    ("amber", "Watch"),
    ("red", "At risk"),
]

KINDS = [("due", "Due"), ("forgotten", "Forgotten"), ("new", "New")]
EVENT_TYPES = [
    ("shown", "Shown"),
    ("offered", "Offered"),
    ("added", "Added"),
    ("ordered", "Ordered"),
    ("declined", "Declined"),
    ("dismissed", "Dismissed"),
    ("undone", "Undone"),
]
SOURCES = [
    ("order", "Sales order"),
    ("catalogue", "Product catalogue"),
    ("portal", "Reseller portal"),
    ("product", "Whom to offer"),
    ("day", "My day"),
]
# What became of each product of a reseller when quotations were made.
QUOTATION_RESULTS = [
    ("made", "Quotation Made"),
    ("extended", "Draft Extended"),
    ("skipped", "Skipped"),
]
SKIP_REASONS = [
    ("candidate", "The reseller is a candidate, not active yet"),
    ("suspended", "The reseller is suspended"),
    ("ended", "The relationship has ended"),
    ("archived", "The relationship is archived"),
    ("no_right", "You have no right to this reseller or its quotation"),
    ("not_saleable", "The product is archived or not for sale"),
    ("other_company", "The product belongs to another company"),
    ("assortment", "Not in the reseller's assortment"),
    ("present", "Already in the draft quotation"),
    ("busy", "Somebody is changing the draft quotation right now"),
    ("error", "Odoo refused it"),
]
DISMISS_REASONS = [
    ("enough", "Have enough"),
    ("range", "Not my range"),
    ("price", "Too dear"),
    ("elsewhere", "Bought elsewhere"),
    ("wrong", "Wrong suggestion"),
]
# How many products a list holds, and how many of them the order tab shows first: those
# bought before, and those that are new. The library's `styles` judges the latter.
STYLES = {
    "safe": {"k_reorder": 18, "k_discover": 6, "due": 10, "new": 3},
    "balanced": {"k_reorder": 14, "k_discover": 10, "due": 8, "new": 5},
    "new": {"k_reorder": 10, "k_discover": 16, "due": 5, "new": 8},
}
STYLE_NAMES = [("safe", "Safe"), ("balanced", "Balanced"), ("new", "New")]
PRIORITIES = [
    ("likelihood", "Likelihood"),
    ("turnover", "Turnover"),
    ("margin", "Margin"),
]
# Shown on so many days without anybody acting, a product moves down for a while, and
# one that is new leaves the next lists; so does what was declined.
TESTED_DAYS = 6
TESTED_WITHIN_DAYS = 56
TESTED_REST_DAYS = 28
ACTIONS = ("offered", "added", "ordered", "declined", "dismissed")
RUN_STATES = [
    ("waiting", "Waiting"),
    ("extracting", "Reading the history"),
    ("computing", "Working out"),
    ("publishing", "Publishing"),
    ("held", "Held Back"),
    ("done", "Done"),
    ("failed", "Failed"),
]
RUNNING_STATES = ("extracting", "computing", "publishing")

# The control experiment: products that are withheld for a while to learn what listing
# them is worth. The library draws anew after as many days.
CONTROL_PERIOD_DAYS = 56
OUTCOME_DAYS = 28
ARMS = [("shown", "Listed"), ("withheld", "Withheld")]
CONTROL_MODES = [
    ("automatic", "Automatic"),
    ("on", "Always on"),
    ("off", "Off"),
]

# What came of a contact, and for how many days the reseller leaves the day list. A call
# back has a day of its own.
OUTCOMES = [
    ("ordered", "Ordered"),
    ("offered", "Offered"),
    ("not_reached", "Not reached"),
    ("call_back", "Call back"),
    ("not_now", "Not now"),
]
CONTACT_REST_DAYS = {"ordered": 7, "offered": 7, "not_reached": 1, "not_now": 14}

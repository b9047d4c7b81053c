from . import prm_dataset

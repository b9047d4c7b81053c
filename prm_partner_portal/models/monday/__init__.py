from . import day_list, figures, sentences

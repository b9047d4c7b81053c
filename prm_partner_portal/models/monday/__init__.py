from . import figures, sentences

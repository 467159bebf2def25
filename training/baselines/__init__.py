"""What the pipeline is measured against: models that anyone could train on the same reports in an afternoon.

`crf` tags tokens with one conditional random field a label and the usual features, `linear` classifies pairs of spans
with a linear model, `spacy_ner` is spaCy's `ner` as it comes. They write to a folder of `build/`; `evaluation` runs
them by `python -m training baseline-tag`.
"""

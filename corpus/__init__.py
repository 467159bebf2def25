"""What is true: annotated reports, how they were made, and the code that reads, checks and converts them.

`load_documents` gives the reports composed for the corpus, `load_real` the real excerpts whose texts were fetched,
`load_dataset_dict` the Hugging Face view. The guidelines stand in `GUIDELINES.md`, the dataset card in `README.md`.
"""

from corpus.loader import load_dataset_dict, load_documents
from corpus.real import load_real

__all__ = ["load_dataset_dict", "load_documents", "load_real"]

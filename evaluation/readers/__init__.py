"""How well, how safely and how fast the readers work: golden documents, fuzzing, speed beside the bare libraries."""

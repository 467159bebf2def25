"""Golden documents: report texts in every format, layout and encoding that archives hold."""

"""A telegram's text to its parts: header, labelled fields, numbered body, headings, roles, signature, references."""

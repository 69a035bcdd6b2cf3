"""One module a kind of answer: what is gathered for a request, and what is said."""

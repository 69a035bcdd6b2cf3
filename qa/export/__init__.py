"""To take along: answers, bibliographies, footnotes and tables of what was found."""

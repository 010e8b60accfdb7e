"""A PDF as a person reads it: its print in lines, columns, tables and headings, then HTML for the walk."""

"""A report as text for a person or as Markdown for a ticket, and knowledge as pages to read."""

"""A report, an explanation or knowledge as text, Markdown, HTML, SARIF or a graph."""

"""From a report, an explanation or knowledge to text, Markdown, pages, graphs and logs."""

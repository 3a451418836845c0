"""Shows reports, explanations and knowledge: as text, Markdown, HTML, SARIF or a graph; nothing in
them becomes markup or an order to a terminal."""

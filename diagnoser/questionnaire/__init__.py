"""The conversation as web pages, rendered by the server; the state travels in the page."""

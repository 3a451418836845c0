"""The diagnosis and the conversation as tools of the Model Context Protocol."""

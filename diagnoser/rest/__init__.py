"""The diagnosis and the conversation as stateless JSON over HTTP."""

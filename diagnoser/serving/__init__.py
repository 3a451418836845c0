"""One server for people, programs and agents: the questionnaire, the HTTP interface and MCP."""

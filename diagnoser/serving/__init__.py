"""One server for people, programs and agents: the questionnaire, the HTTP interface and MCP.

In: a diagnoser, and the names that the server answers to. Out: an application in which every
request passes one guard, and a process that serves it until it is told to stop.
"""

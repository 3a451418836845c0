"""The conversation as web pages, rendered by the server.

In: the form that a page sends, with the conversation in it. Out: the page that comes next, with the
conversation in it again; nothing is kept between two pages.
"""

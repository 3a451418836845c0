"""From a case to what experta concludes from it: signs, causes, remedies and the steps of the plan.

`facts` are the facts of working memory, `rules` the rules (`signs` and `patterns` serve them),
`matcher` finds which of them are activated, `engine` fires them, and `inference` is the way in.
`evaluator` simulates answers that nobody has given yet; both give `findings`. `contradictions`
tells which answers cannot hold together.
"""

"""The diagnosis and the conversation as stateless JSON over HTTP.

`router` has every operation of `/v1`, `install` gives an application their OpenAPI document, and
`problem` is what a server answers under `/v1` to a request that it refuses by itself.
"""

from diagnoser.rest.mounting import install, router
from diagnoser.rest.problems import problem

__all__ = ["install", "problem", "router"]

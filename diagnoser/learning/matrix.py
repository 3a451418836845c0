"""What is needed of a symmetric matrix."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from operator import mul


def inverse_diagonal(matrix: Sequence[Sequence[float]]) -> list[float]:
    """The diagonal of the inverse of a symmetric positive definite matrix, of which only the lower
    half is read; by its Cholesky factor.

    Raises ValueError where it is not positive definite.
    """
    size = len(matrix)
    lower: list[list[float]] = []
    for i in range(size):
        row: list[float] = []
        for j in range(i + 1):
            before = lower[j] if j < i else row
            left = matrix[i][j] - sum(map(mul, row, before))
            if j < i:
                row.append(left / lower[j][j])
            elif left > 0:
                row.append(sqrt(left))
            else:
                raise ValueError("the matrix is not positive definite")
        lower.append(row)
    diagonal = [0.0] * size
    for j in range(size):  # solves for the columns of the inverse factor, one after the other
        column = [1 / lower[j][j]]
        for i in range(j + 1, size):
            column.append(-sum(map(mul, lower[i][j:i], column)) / lower[i][i])
        diagonal[j] = sum(one * one for one in column)
    return diagonal

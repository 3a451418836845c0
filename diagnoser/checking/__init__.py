"""What a knowledge folder should fulfil beyond being readable: a folder comes in, and everything
that is wrong, weak or idle in it goes out, with file, line and an example."""

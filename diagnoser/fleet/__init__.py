"""Many cases at once: files of cases come in, a row of the diagnosis of each goes out."""

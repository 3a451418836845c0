"""Many cases at once: files or record batches of cases come in, a row of the diagnosis of each goes
out, and a summary of such rows for those who look after the phones."""

"""Parts become files of tables, from which every digest can be had back."""

"""What any room may use: errors, words, limits, workers, processes."""

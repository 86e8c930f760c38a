"""From a table of data to the sample statistics of each group."""

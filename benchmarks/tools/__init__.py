"""What benchmarks share: how they are asked for, the parts they compare with, models, crowds, servers."""

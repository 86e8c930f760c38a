# Rscript necessity.R > necessity.json
# Base R, from the definitions of Dul (2016) by brute force: the step ceiling as a maximum over all points to the
# left, the line by lm() through the points where it rises, both empty zones by counting a fine grid's cells.
set.seed(4)
out <- list()
for (kind in c("corner", "none", "ties")) {
  n <- 80
  x <- if (kind == "ties") sample(1:7, n, TRUE) else round(runif(n), 4)
  y <- switch(kind, corner = round(pmin(runif(n), .25 + .9 * x), 4), none = round(runif(n), 4),
              ties = pmin(sample(1:7, n, TRUE), x + 2))
  ceil <- sapply(sort(unique(x)), function(v) max(y[x <= v])); xs <- sort(unique(x))
  rise <- c(TRUE, diff(ceil) > 0); px <- xs[rise]; py <- ceil[rise]
  ce <- sum((max(y) - ceil[-length(xs)]) * diff(xs)) / (diff(range(x)) * diff(range(y)))
  cr <- 0; line <- NULL
  if (length(px) > 1) {
    line <- unname(coef(lm(py ~ px)))
    f <- function(v) max(y) - pmin(pmax(line[1] + line[2] * v, min(y)), max(y))
    m <- 200000; g <- min(x) + diff(range(x)) * (seq_len(m) - .5) / m
    cr <- mean(f(g)) / diff(range(y))
  }
  need <- sapply(seq(0, 1, .1), function(q) {
    v <- min(px[py >= min(y) + q * diff(range(y)) - 1e-12]); 100 * (v - min(x)) / diff(range(x)) })
  out[[kind]] <- list(x = x, y = y, ce = ce, cr = cr, line = line, needed = need,
    accuracy = if (is.null(line)) NULL else mean(y <= line[1] + line[2] * x + 1e-9))
}
cat(jsonlite::toJSON(out, digits = 14, auto_unbox = TRUE))

# Rscript tests/screening/reference/careless.R > tests/screening/reference/careless.json
# The published definitions of the R package careless (Yentes & Wilhelm), written out in base R.
suppressMessages(library(jsonlite))
set.seed(20); n <- 60
core <- matrix(rnorm(n * 6), n)
x <- sapply(1:12, function(j) (if (j %% 4 == 0) -1 else 1) * core[, (j + 1) %/% 2] + .35 * rnorm(n))
x <- pmin(pmax(round(4 + 1.6 * x), 1), 7); x[60, ] <- rep(c(4, 5), each = 6)

longstring <- apply(x, 1, function(r) max(rle(r)$lengths))
irv <- apply(x, 1, sd, na.rm = TRUE)
mahad <- mahalanobis(x, colMeans(x), cov(x))

evenodd <- function(x, factors) {
  start <- cumsum(c(1, factors))[seq_along(factors)]
  half <- function(first) sapply(seq_along(factors), function(f)
    rowMeans(x[, start[f] + seq(first - 1, factors[f] - 1, 2), drop = FALSE], na.rm = TRUE))
  r <- sapply(seq_len(nrow(x)), function(i) suppressWarnings(cor(half(2)[i, ], half(1)[i, ])))
  sb <- 2 * r / (1 + r); sb[which(sb < -1)] <- -1
  0 - sb
}
psychsyn <- function(x, critval, anto) {
  cors <- cor(x, use = "pairwise.complete.obs"); cors[upper.tri(cors, diag = TRUE)] <- NA
  pairs <- as.data.frame(as.table(cors)); pairs <- pairs[!is.na(pairs$Freq), ]
  pairs <- if (anto) pairs[pairs$Freq < critval, ] else pairs[pairs$Freq > critval, ]
  a <- as.integer(pairs$Var1); b <- as.integer(pairs$Var2)
  list(pairs = nrow(pairs), r = apply(x, 1, function(row) suppressWarnings(cor(row[a], row[b]))))
}
colnames(x) <- paste0("i", 1:12)
syn <- psychsyn(x, .60, FALSE); ant <- psychsyn(x, -.60, TRUE)
# The example in careless's own tests/testthat/test-psychsyn.R: its rows 101 to 104 have known answers.
set.seed(1337)
example <- do.call(cbind, lapply(1:4, function(k) { y <- rnorm(100); cbind(y, y + rnorm(100)) }))
example <- rbind(example, rep(5, 8), c(4, 5, 1, 2, 8, 9, 13, 12), c(0, 6, 1, 5, 2, 4, 3, 3), c(1, 5, 2, 3, 3, 3, 4, 5))
colnames(example) <- paste0("i", 1:8)
cat(toJSON(list(x = unname(x), longstring = longstring, irv = irv, mahad = mahad,
  evenodd = evenodd(x, rep(3, 4)), psychsyn = syn, psychant = ant,
  example = unname(example), example_psychsyn = psychsyn(example, .50, FALSE)), digits = 12, na = "null", auto_unbox = TRUE), "\n")
